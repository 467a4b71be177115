package io.holdfast.deploy.database;

import io.holdfast.agent.posix.Posix;
import io.holdfast.common.seam.Time;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A server of its own, on a socket in a directory of the test's. One thread. */
final class PostgresServer implements AutoCloseable {
  private static final int VERSION_MIN = 15;
  private static final Duration START_WITHIN = Duration.ofMinutes(5);
  private static final Path INSTALLED = Path.of("/usr/lib/postgresql");

  /** May do everything. */
  static final String ADMIN = "admin";

  private final Path programs;
  private final Path data;
  private final Path sockets;
  private final Path log;
  private Process process;

  private PostgresServer(Path programs, Path data, Path sockets) {
    this.programs = programs;
    this.data = data;
    this.sockets = sockets;
    this.log = sockets.resolve("server.log");
  }

  /** Where the programs of the newest server are that is new enough. */
  static Optional<Path> programs() throws IOException {
    if (!Files.isDirectory(INSTALLED)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(INSTALLED)) {
      return versions
          .filter(version -> version.getFileName().toString().matches("[0-9]+"))
          .filter(version -> number(version) >= VERSION_MIN)
          .max((a, b) -> Integer.compare(number(a), number(b)))
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("initdb")));
    }
  }

  private static int number(Path version) {
    return Integer.parseInt(version.getFileName().toString());
  }

  /** The user that the server runs as, where this isn't one that it would run as. */
  static Optional<String> user() {
    return Posix.effectiveUserId() == 0 ? Optional.of("postgres") : Optional.empty();
  }

  /**
   * Makes a directory that belongs to the server's user.
   *
   * @param directory everything above must be open to all
   */
  static Path directory(Path directory) throws Exception {
    Files.createDirectories(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    if (user().isPresent()) {
      Command.run(List.of("chown", user().get(), directory.toString()));
    }
    return directory;
  }

  /**
   * A new cluster below {@code root}, with checksums and small segments of the log; not started.
   * The role {@code holdfast} may connect as the user that runs this, with no password.
   */
  static PostgresServer make(Path root) throws Exception {
    PostgresServer server =
        new PostgresServer(
            programs().orElseThrow(),
            directory(openDirectory(root).resolve("data")),
            openSockets(root));
    server.must(
        "initdb",
        "--pgdata=" + server.data,
        "--username=" + ADMIN,
        "--data-checksums",
        "--wal-segsize=1",
        "--encoding=UTF8",
        "--locale=C",
        "--auth=trust");
    Files.writeString(
        server.data.resolve("pg_hba.conf"),
        """
        local all holdfast peer map=agents
        local all secretive scram-sha-256
        local all all trust
        """);
    Files.writeString(
        server.data.resolve("pg_ident.conf"),
        "agents " + System.getProperty("user.name") + " holdfast\n");
    return server;
  }

  /** Makes a directory of this user's through which the server's user finds its own files. */
  static Path openDirectory(Path directory) throws IOException {
    Files.createDirectories(directory);
    return Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
  }

  /** The socket's directory is open to whoever the socket is. */
  private static Path openSockets(Path root) throws Exception {
    Path sockets = directory(root.resolve("s"));
    Files.setPosixFilePermissions(sockets, PosixFilePermissions.fromString("rwxr-xr-x"));
    return sockets;
  }

  /** A server on a cluster that was restored to {@code data}; not started. */
  PostgresServer on(Path restored, Path root) throws Exception {
    return new PostgresServer(programs, restored, openSockets(openDirectory(root)));
  }

  Path data() {
    return data;
  }

  Path sockets() {
    return sockets;
  }

  /** Runs one of the server's programs as its user; what it printed. */
  String must(String program, String... arguments) throws Exception {
    return Command.run(Command.as(user(), words(program, arguments)));
  }

  private List<String> words(String program, String... arguments) {
    List<String> words = new ArrayList<>(List.of(programs.resolve(program).toString()));
    words.addAll(List.of(arguments));
    return words;
  }

  /** Runs a program that talks to this server to its end; what it printed. */
  String ask(String program, String... arguments) throws Exception {
    return must(program, toServer(arguments));
  }

  /** Starts a program that talks to this server, as its user. */
  Process launch(String program, String... arguments) throws IOException {
    return Command.start(Command.as(user(), words(program, toServer(arguments))), log);
  }

  private String[] toServer(String... arguments) {
    List<String> all = new ArrayList<>(List.of("-h", sockets.toString(), "-U", ADMIN));
    all.addAll(List.of(arguments));
    return all.toArray(String[]::new);
  }

  /** Starts the server, and waits until it takes connections or ends. */
  PostgresServer start(String... settings) throws Exception {
    List<String> words =
        new ArrayList<>(
            words(
                "postgres",
                "-D",
                data.toString(),
                "-k",
                sockets.toString(),
                "-c",
                "listen_addresses=",
                "-c",
                "shared_buffers=32MB",
                "-c",
                "max_connections=40"));
    for (String setting : settings) {
      words.addAll(List.of("-c", setting));
    }
    process = Command.start(Command.as(user(), words), log);
    long deadline = Time.system().nanos() + START_WITHIN.toNanos();
    while (!answers()) {
      if (!process.isAlive() || Time.system().nanos() > deadline) {
        stop("QUIT");
        throw new AssertionError("the server did not start:\n" + Files.readString(log));
      }
      Time.system().sleep(Duration.ofMillis(50));
    }
    return this;
  }

  /** Connections are taken, and the log is no longer replayed. */
  private boolean answers() throws Exception {
    try {
      return query("SELECT pg_is_in_recovery()").equals("f");
    } catch (AssertionError e) {
      return false;
    }
  }

  /** What a statement answers, fields separated by |. */
  String query(String sql) throws Exception {
    return ask("psql", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-d", "postgres", "-c", sql)
        .strip();
  }

  String logged() throws IOException {
    return Files.readString(log);
  }

  void stop() throws Exception {
    stop("INT");
  }

  private void stop(String signal) throws IOException, InterruptedException {
    if (process != null) {
      Command.end(process, signal);
      process = null;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      stop("QUIT");
    } catch (InterruptedException e) {
      throw new InterruptedIOException(e.getMessage());
    }
  }
}
