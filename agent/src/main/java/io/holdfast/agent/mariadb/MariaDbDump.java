package io.holdfast.agent.mariadb;

import io.holdfast.agent.backup.SourceCursor;
import io.holdfast.agent.backup.SourceItem;
import io.holdfast.agent.backup.SourceStream;
import io.holdfast.agent.backup.StreamItem;
import io.holdfast.agent.source.CommandOutput;
import io.holdfast.agent.source.PasswordFile;
import io.holdfast.agent.throttle.RateLimit;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.key.Secret;
import io.holdfast.common.key.SecretFile;
import io.holdfast.proto.wire.v1.MariaDbSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What a server's tool writes, as one file at the top of the snapshot. One thread. */
public final class MariaDbDump implements SourceCursor {
  private static final String SOCKET_STANDARD = "/run/mysqld/mysqld.sock";
  private static final String USER_STANDARD = "holdfast";
  private static final String DUMP = "mariadb.sql";
  private static final String BACKUP = "mariadb.xbstream";

  private final MariaDbTools tools;
  private final MariaDbSource order;
  private final RateLimit reading;
  private StreamItem item;

  /**
   * Nothing is started yet.
   *
   * @param time that the file bears
   * @param reading how fast the tool's output is read
   */
  public MariaDbDump(MariaDbTools tools, MariaDbSource order, Instant time, RateLimit reading) {
    this.tools = tools;
    this.order = order;
    this.reading = reading;
    EntryPath path = EntryPath.of(order.getDump() ? DUMP : BACKUP);
    this.item = new StreamItem(path, CommandOutput.metadata(time), new Started());
  }

  @Override
  public SourceItem next() {
    StreamItem next = item;
    item = null;
    return next;
  }

  @Override
  public void close() {
    if (item != null) {
      item.content().close();
    }
  }

  /** INVALID_ARGUMENT for what the tool would read as something else than a name. */
  static List<String> words(MariaDbTools tools, MariaDbSource order) {
    List<String> words = new ArrayList<>();
    words.add((order.getDump() ? tools.dump() : tools.backup()).toString());
    if (!order.getPasswordFile().isEmpty()) {
      words.add("--defaults-extra-file=" + options(tools)); // must be the first
    }
    String socket = order.getSocket().isEmpty() ? SOCKET_STANDARD : order.getSocket();
    words.add("--socket=" + socket);
    words.add("--user=" + (order.getUser().isEmpty() ? USER_STANDARD : order.getUser()));
    words.addAll(order.getDump() ? ofDump(order) : ofBackup(tools));
    for (String word : words) {
      if (word.chars().anyMatch(c -> c < ' ')) {
        throw new HoldfastException(
            ErrorCode.INVALID_ARGUMENT,
            "\"" + word + "\" names nothing of a MariaDB server: correct the policy's source");
      }
    }
    return List.copyOf(words);
  }

  /** One transaction, so that all tables are as of one moment and nobody waits. */
  private static List<String> ofDump(MariaDbSource order) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "--single-transaction",
                "--quick",
                "--routines",
                "--events",
                "--triggers",
                "--hex-blob",
                "--skip-dump-date"));
    if (order.getDatabasesCount() == 0) {
      words.add("--all-databases");
      return words;
    }
    words.add("--databases");
    words.add("--");
    words.addAll(order.getDatabasesList());
    return words;
  }

  private static List<String> ofBackup(MariaDbTools tools) {
    Path scratch = tools.scratch();
    return List.of(
        "--backup", "--stream=xbstream", "--target-dir=" + scratch, "--tmpdir=" + scratch);
  }

  /** Starts the tool when it is read first: by then the run is open. */
  private final class Started implements SourceStream {
    private ToolOutput output;

    @Override
    public int read(byte[] into, int at, int length) throws InterruptedException {
      if (output == null) {
        if (!order.getPasswordFile().isEmpty()) {
          handOver(Path.of(order.getPasswordFile()));
        }
        output = ToolOutput.start(words(tools, order));
      }
      int count = output.read(into, at, length);
      if (count > 0) {
        reading.take(count);
      }
      return count;
    }

    @Override
    public void close() {
      if (output != null) {
        output.close();
      }
      takeBack();
    }
  }

  private static Path options(MariaDbTools tools) {
    return tools.scratch().resolve("mariadb.cnf");
  }

  /**
   * The tool takes a password from an option file only. One of an operator's own could hold any
   * option, such as a library to load; whoever gives orders must not be able to name such a file.
   */
  private void handOver(Path file) {
    PasswordFile.requirePrivate(file);
    try (Secret secret = SecretFile.read(file)) {
      String password = new String(secret.toByteArray(), StandardCharsets.UTF_8).strip();
      String option = "[client]\npassword=\"" + password.replace("\\", "\\\\") + "\"\n";
      SecretFile.write(options(tools), option.getBytes(StandardCharsets.UTF_8));
    }
  }

  private void takeBack() {
    try {
      Files.deleteIfExists(options(tools));
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.IO, "the password in " + options(tools) + " can't be deleted: " + e, e);
    }
  }
}
