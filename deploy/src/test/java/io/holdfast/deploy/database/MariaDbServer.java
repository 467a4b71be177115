package io.holdfast.deploy.database;

import io.holdfast.common.seam.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A server of its own, on a socket in a directory of the test's. One thread. */
final class MariaDbServer implements AutoCloseable {
  private static final Path SERVER = Path.of("/usr/sbin/mariadbd");
  private static final Path INSTALL = Path.of("/usr/bin/mariadb-install-db");
  private static final Path CLIENT = Path.of("/usr/bin/mariadb");
  private static final Path BACKUP = Path.of("/usr/bin/mariadb-backup");
  private static final Path STREAM = Path.of("/usr/bin/mbstream");
  private static final Duration START_WITHIN = Duration.ofMinutes(5);

  private final Path data;
  private final Path socket;
  private final Path log;
  private Process process;

  private MariaDbServer(Path root) {
    this.data = root.resolve("data");
    this.socket = root.resolve("s/socket");
    this.log = root.resolve("s/server.log");
  }

  static boolean isInstalled() {
    return Stream.of(SERVER, INSTALL, CLIENT, BACKUP, STREAM).allMatch(Files::isExecutable);
  }

  /** It runs as whoever runs this, and as root only if that is said. */
  private static String user() {
    return "--user=" + System.getProperty("user.name");
  }

  private static MariaDbServer laidOut(Path root) throws IOException {
    MariaDbServer server = new MariaDbServer(root);
    Files.createDirectories(server.data);
    Files.createDirectories(server.socket.getParent());
    return server;
  }

  /** A new one, not started; the user root may do everything without a password. */
  static MariaDbServer make(Path root) throws Exception {
    MariaDbServer server = laidOut(root);
    Command.run(
        List.of(
            INSTALL.toString(),
            "--no-defaults",
            user(),
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            "--datadir=" + server.data));
    return server;
  }

  /** One on what a physical backup's stream holds, made ready by the server's own tool. */
  static MariaDbServer ofStream(Path stream, Path root) throws Exception {
    MariaDbServer server = laidOut(root);
    Command.run(List.of("sh", "-c", STREAM + " -x -C '" + server.data + "' < '" + stream + "'"));
    Command.run(
        List.of(BACKUP.toString(), "--no-defaults", "--prepare", "--target-dir=" + server.data));
    return server;
  }

  Path socket() {
    return socket;
  }

  MariaDbServer start() throws Exception {
    process =
        Command.start(
            List.of(
                SERVER.toString(),
                "--no-defaults",
                user(),
                "--datadir=" + data,
                "--socket=" + socket,
                "--skip-networking",
                "--pid-file=" + socket.resolveSibling("pid"),
                "--innodb-buffer-pool-size=16M",
                "--innodb-log-file-size=8M"),
            log);
    long deadline = Time.system().nanos() + START_WITHIN.toNanos();
    while (!answers()) {
      if (!process.isAlive() || Time.system().nanos() > deadline) {
        close();
        throw new AssertionError("the server did not start:\n" + Files.readString(log));
      }
      Time.system().sleep(Duration.ofMillis(50));
    }
    return this;
  }

  private boolean answers() throws Exception {
    try {
      return query("SELECT 1").equals("1");
    } catch (AssertionError e) {
      return false;
    }
  }

  private List<String> client(String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(CLIENT.toString(), "--no-defaults", "--socket=" + socket, "--user=root"));
    words.addAll(List.of(more));
    return words;
  }

  /** What statements answer, fields separated by tabs. */
  String query(String sql) throws Exception {
    return Command.run(client("--batch", "--skip-column-names", "--execute=" + sql)).strip();
  }

  /** Starts a client that works off {@code script}. */
  Process launch(String script) throws IOException {
    Path file = Files.writeString(socket.resolveSibling("script.sql"), script);
    return Command.start(client("--execute=source " + file), log);
  }

  void load(Path dump) throws Exception {
    Command.run(client("--execute=source " + dump));
  }

  @Override
  public void close() throws Exception {
    if (process != null) {
      Command.end(process, "TERM");
      process = null;
    }
  }
}
