package io.holdfast.agent.postgres;

import com.google.protobuf.InvalidProtocolBufferException;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.key.SecretFile;
import io.holdfast.proto.wire.v1.PostgresSource;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clusters whose log this agent archives. An order for a base backup says whether it does; that
 * is remembered in the agent's directory, so that it goes on after a restart. Any thread.
 */
public final class LogArchives implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogArchives.class);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(10);
  private static final String SUFFIX = ".server";

  private record Running(LogArchiver archiver, Thread thread) {}

  private final PostgresPorts ports;
  private final PostgresPorts.Commits commits;
  private final Path directory;
  private final Map<String, Running> running = new HashMap<>();

  /** Archives that were ordered before; none runs until {@link #start}. */
  public LogArchives(PostgresPorts ports, PostgresPorts.Commits commits) {
    this.ports = ports;
    this.commits = commits;
    this.directory = ports.state().resolve("postgresql");
  }

  /** Goes on with what was ordered before. */
  public synchronized void start() {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path file : files) {
        resume(file);
      }
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.IO, "the archives in " + directory + " can't be listed: " + e, e);
    }
  }

  private void resume(Path file) throws IOException {
    try {
      run(archiver(PostgresSource.parseFrom(Files.readAllBytes(file))));
    } catch (InvalidProtocolBufferException | HoldfastException e) {
      LOG.error("{} is passed over, the next base backup makes it anew: {}", file, e.getMessage());
    }
  }

  private LogArchiver archiver(PostgresSource order) {
    String key = key(order);
    return new LogArchiver(ports, commits, order, directory.resolve(key + ".segments"));
  }

  private static String key(PostgresSource order) {
    return ServerAddress.of(order).name().replace('/', '+');
  }

  private void run(LogArchiver archiver) {
    Thread thread = Thread.ofPlatform().daemon().name("wal-archive").start(archiver);
    running.put(key(archiver.order()), new Running(archiver, thread));
  }

  /**
   * Archives from now on, or not any more, as {@code order} says; to be called before its base
   * backup begins. Returns what broke the chain since somebody was {@link #told}.
   *
   * @throws HoldfastException what the server has against it
   */
  public synchronized Optional<String> follow(PostgresSource order) throws InterruptedException {
    Running found = running.get(key(order));
    if (!order.getWalArchive()) {
      if (found != null) {
        stop(found);
        found.archiver().end();
        forget(order);
      }
      return Optional.empty();
    }
    if (found != null && found.archiver().order().equals(order)) {
      return found.archiver().trouble();
    }
    Optional<String> before = Optional.empty();
    if (found != null) {
      stop(found);
      before = found.archiver().trouble();
    }
    LogArchiver archiver = archiver(order);
    archiver.round();
    remember(order);
    run(archiver);
    return before.or(archiver::trouble);
  }

  /** The base backup of {@code order} was committed with {@code trouble} among its gaps. */
  public synchronized void told(PostgresSource order, String trouble) {
    Running found = running.get(key(order));
    if (found != null) {
      found.archiver().told(trouble);
    }
  }

  private Path file(PostgresSource order) {
    return directory.resolve(key(order) + SUFFIX);
  }

  private void remember(PostgresSource order) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new HoldfastException(ErrorCode.IO, directory + " can't be made: " + e, e);
    }
    SecretFile.write(file(order), order.toByteArray());
  }

  private void forget(PostgresSource order) {
    try {
      Files.deleteIfExists(file(order));
    } catch (IOException e) {
      throw new HoldfastException(ErrorCode.IO, file(order) + " can't be deleted: " + e, e);
    }
  }

  private void stop(Running found) {
    found.thread().interrupt();
    running.remove(key(found.archiver().order()));
    try {
      if (!found.thread().join(STOP_WITHIN)) {
        LOG.warn("archiving the log did not stop in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Gives up what was ordered: servers need not keep their logs for this host any more. A slot that
   * can't be dropped is named in the log.
   */
  public synchronized void giveUp() throws InterruptedException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path file : files) {
        giveUp(file);
      }
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.IO, "the archives in " + directory + " can't be listed: " + e, e);
    }
  }

  private void giveUp(Path file) throws IOException, InterruptedException {
    try {
      archiver(PostgresSource.parseFrom(Files.readAllBytes(file))).end();
    } catch (InvalidProtocolBufferException | HoldfastException e) {
      LOG.error(
          "the log of the server in {} is archived no longer, and its slot was not dropped: drop"
              + " the slot holdfast_{} there, or its disk fills up ({})",
          file,
          ports.host(),
          e.getMessage());
    }
  }

  /** Stops; slots stay, so that nothing is missed until the next start. */
  @Override
  public synchronized void close() {
    for (Running each : running.values().toArray(Running[]::new)) {
      stop(each);
    }
  }
}
