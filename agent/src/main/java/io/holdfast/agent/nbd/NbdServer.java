package io.holdfast.agent.nbd;

import io.holdfast.agent.posix.ProcessNote;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.Time;
import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A {@code qemu-nbd} that shows one qcow2 image, read-only, to this process. It ends with the
 * connection, so it outlives no agent that had one; for one that was killed before, it is noted.
 * One thread.
 */
public final class NbdServer implements AutoCloseable {
  private static final List<String> PROGRAMS =
      List.of("/usr/bin/qemu-nbd", "/usr/local/bin/qemu-nbd", "/bin/qemu-nbd");
  private static final Duration READY_WITHIN = Duration.ofSeconds(30);
  private static final Duration LOOK_EVERY = Duration.ofMillis(10);
  private static final int END_SECONDS = 5;
  private static final int WORDS_MAX = 2_000;
  private static final String DIRECTORY = "nbd";
  private static final String NOTE = "pid";

  private final Process process;
  private final Path directory;
  private NbdConnection connection;

  private NbdServer(Process process, Path directory) {
    this.process = process;
    this.directory = directory;
  }

  /**
   * Starts one for {@code image} and connects to it. TOOL_MISSING if this host has none,
   * SOURCE_UNREADABLE with what it says if it doesn't show the image.
   *
   * @param scratch for its socket, in a directory of its own
   */
  public static NbdServer start(Path image, Path scratch, Time time) throws InterruptedException {
    String program =
        PROGRAMS.stream()
            .filter(path -> Files.isExecutable(Path.of(path)))
            .findFirst()
            .orElseThrow(() ->
                new HoldfastException(
                    ErrorCode.TOOL_MISSING,
                    "qcow2 images are read by qemu-nbd, which this host lacks; install qemu-utils,"
                        + " or back the image up in the format raw"));
    NbdServer server = null;
    boolean ready = false;
    try {
      server = launch(program, image, scratch);
      server.connect(image, time);
      ready = true;
      return server;
    } catch (IOException e) {
      String said = server == null ? "" : server.lastWords();
      throw unreadable(image, said.isEmpty() ? e.getMessage() : said, e);
    } finally {
      if (server != null && !ready) {
        server.close();
      }
    }
  }

  private static NbdServer launch(String program, Path image, Path scratch) throws IOException {
    Path directory = Files.createTempDirectory(scratch, DIRECTORY);
    ProcessBuilder builder =
        new ProcessBuilder(
                program,
                "--read-only",
                "--format=qcow2",
                "--shared=1",
                "--socket=" + directory.resolve("socket"),
                image.toString())
            .directory(new File("/"))
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile());
    builder.environment().clear();
    NbdServer server = new NbdServer(builder.start(), directory);
    boolean noted = false;
    try {
      ProcessNote.write(directory.resolve(NOTE), server.process.toHandle());
      noted = true;
      return server;
    } finally {
      if (!noted) {
        server.close();
      }
    }
  }

  /** Ends those in {@code scratch} whose agent was killed before it had connected to them. */
  public static void endLeft(Path scratch) throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(scratch, DIRECTORY + "*")) {
      for (Path directory : left) {
        Path note = directory.resolve(NOTE);
        if (Files.exists(note)) {
          ProcessNote.running(note).ifPresent(ProcessHandle::destroyForcibly);
        }
      }
    }
  }

  private void connect(Path image, Time time) throws IOException, InterruptedException {
    Path socket = directory.resolve("socket");
    long start = time.nanos();
    while (true) {
      if (!process.isAlive()) {
        throw unreadable(image, said(), null);
      }
      if (Files.exists(socket)) {
        try {
          connection = open(socket);
          return;
        } catch (ConnectException e) {
          // not listening yet
        }
      }
      if (time.nanos() - start > READY_WITHIN.toNanos()) {
        throw unreadable(image, "qemu-nbd doesn't answer", null);
      }
      time.sleep(LOOK_EVERY);
    }
  }

  private static NbdConnection open(Path socket) throws IOException {
    SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    NbdConnection opened = null;
    try {
      opened = NbdConnection.open(channel);
      return opened;
    } finally {
      if (opened == null) {
        channel.close();
      }
    }
  }

  /** It listens before it looks at its image: what it found comes a moment after it hung up. */
  private String lastWords() throws InterruptedException {
    try {
      return process.waitFor(END_SECONDS, TimeUnit.SECONDS) ? said() : "";
    } catch (IOException e) {
      return "";
    }
  }

  private String said() throws IOException {
    String said = Files.readString(directory.resolve("log"), StandardCharsets.ISO_8859_1).strip();
    return said.substring(0, Math.min(said.length(), WORDS_MAX));
  }

  private static HoldfastException unreadable(Path image, String why, Exception cause) {
    return new HoldfastException(
        ErrorCode.SOURCE_UNREADABLE,
        "the qcow2 image "
            + image
            + " can't be read: "
            + why
            + "; shut its machine down, or check that it is qcow2",
        cause);
  }

  /** Size of the disk that the image holds. */
  public long sizeBytes() {
    return connection.sizeBytes();
  }

  public NbdConnection connection() {
    return connection;
  }

  @Override
  public void close() {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (IOException e) {
      // it is ended below
    }
    end();
    remove(directory.resolve("socket"));
    remove(directory.resolve("log"));
    remove(directory.resolve(NOTE));
    remove(directory);
  }

  private void end() {
    boolean interrupted = Thread.interrupted();
    try {
      process.destroy();
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      interrupted = true;
      process.destroyForcibly();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void remove(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // what is left is small, and in the way of nobody
    }
  }
}
