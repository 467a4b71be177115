package io.holdfast.agent.postgres;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One session with a server, spoken through its own client program: whatever way of authentication
 * libpq knows works here, and no password is in an argument or a variable. What is temporary in the
 * session (a slot, a backup that was begun) ends with it, also if this process dies.
 *
 * <p>One thread, which an interrupt wakes; two more pass on what the program prints.
 */
final class PsqlSession implements AutoCloseable {
  private static final int LINES_AHEAD = 1_024;
  private static final int COMPLAINT_CHARACTERS_MAX = 4_096;
  private static final int END_SECONDS = 10;

  /** Exit status for an error in what was asked; others are of the connection. */
  private static final int STATEMENT_FAILED = 3;

  /** A session may be idle for as long as reading the files takes. */
  private static final String SETTINGS =
      "SET search_path = pg_catalog; SELECT set_config(name, '0', false) FROM pg_settings WHERE"
          + " name IN ('statement_timeout', 'lock_timeout', 'idle_session_timeout')";

  private final ServerAddress server;
  private final Process process;
  private final Writer questions;
  private final BlockingQueue<Optional<String>> lines = new ArrayBlockingQueue<>(LINES_AHEAD);
  private final StringBuilder complaints = new StringBuilder();
  private final Thread complaining;
  private int asked;

  private PsqlSession(ServerAddress server, Process process) {
    this.server = server;
    this.process = process;
    this.questions = process.outputWriter(StandardCharsets.UTF_8);
    Thread.ofVirtual().name("psql-answers").start(this::passOnAnswers);
    this.complaining = Thread.ofVirtual().name("psql-complaints").start(this::keepComplaints);
  }

  /**
   * Starts {@code program} and connects.
   *
   * @throws HoldfastException POSTGRES_UNREACHABLE, or those of {@link #rows}
   */
  static PsqlSession open(Path program, ServerAddress server) throws InterruptedException {
    server.requirePrivatePassword();
    PsqlSession session = new PsqlSession(server, start(program, server));
    boolean done = false;
    try {
      session.rows(SETTINGS);
      done = true;
      return session;
    } finally {
      if (!done) {
        session.close();
      }
    }
  }

  private static Process start(Path program, ServerAddress server) {
    ProcessBuilder builder =
        new ProcessBuilder(
            program.toString(),
            "--no-psqlrc",
            "--no-password",
            "--quiet",
            "--tuples-only",
            "--no-align",
            "--field-separator=\t",
            "--set=ON_ERROR_STOP=1",
            "--host=" + server.host(),
            "--port=" + server.port(),
            "--username=" + server.user(),
            "--dbname=postgres");
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("PG"));
    environment.put("PGAPPNAME", "holdfast");
    environment.put("PGCLIENTENCODING", "UTF8");
    environment.put("PGCONNECT_TIMEOUT", "30");
    server.passwordFile().ifPresent(file -> environment.put("PGPASSFILE", file.toString()));
    try {
      return builder.start();
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.POSTGRES_UNREACHABLE,
          "the client program "
              + program
              + " can't be started: "
              + e.getMessage()
              + "; install it (package postgresql-client), or name it as postgres.psql in"
              + " agent.yaml",
          e);
    }
  }

  private void passOnAnswers() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.put(Optional.of(line));
      }
    } catch (IOException e) {
      // The program was ended: that is the end of its answers, too.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      endAnswers();
    }
  }

  private void endAnswers() {
    try {
      lines.put(Optional.empty());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reads to the end, or the program would wait; keeps the beginning. */
  private void keepComplaints() {
    try (InputStream errors = process.getErrorStream();
        InputStreamReader reader = new InputStreamReader(errors, StandardCharsets.UTF_8)) {
      char[] some = new char[1_024];
      for (int count = reader.read(some); count >= 0; count = reader.read(some)) {
        synchronized (complaints) {
          complaints.append(some, 0, Math.min(count, room()));
        }
      }
    } catch (IOException e) {
      // The program was ended.
    }
  }

  private int room() {
    return COMPLAINT_CHARACTERS_MAX - complaints.length();
  }

  /**
   * The rows that a statement answers; text in them must be free of tabs and line ends.
   *
   * @throws HoldfastException POSTGRES_REFUSED if the server says no, POSTGRES_UNREACHABLE if it
   *     can't be reached or the session ended; the session is of no use then
   */
  List<List<String>> rows(String statement) throws InterruptedException {
    String end = "holdfast-end-of-answer-" + ++asked;
    try {
      questions.write(statement + ";\n\\echo " + end + "\n");
      questions.flush();
    } catch (IOException e) {
      throw failure(e);
    }
    List<List<String>> rows = new ArrayList<>();
    while (true) {
      Optional<String> line = lines.take();
      if (line.isEmpty()) {
        lines.put(line);
        throw failure(null);
      }
      if (line.get().equals(end)) {
        return rows;
      }
      rows.add(List.of(line.get().split("\t", -1)));
    }
  }

  /** The one row that a statement answers. */
  List<String> row(String statement) throws InterruptedException {
    List<List<String>> rows = rows(statement);
    if (rows.size() != 1) {
      throw new HoldfastException(
          ErrorCode.POSTGRES_REFUSED,
          "the PostgreSQL server at "
              + server
              + " answered with "
              + rows.size()
              + " rows instead of one to: "
              + statement);
    }
    return rows.getFirst();
  }

  private HoldfastException failure(IOException cause) throws InterruptedException {
    boolean ended = process.waitFor(END_SECONDS, TimeUnit.SECONDS);
    complaining.join(Duration.ofSeconds(END_SECONDS));
    boolean refused = ended && process.exitValue() == STATEMENT_FAILED;
    return new HoldfastException(
        refused ? ErrorCode.POSTGRES_REFUSED : ErrorCode.POSTGRES_UNREACHABLE,
        "the PostgreSQL server at "
            + server
            + (refused ? " refused: " : " can't be spoken to as " + server.user() + ": ")
            + complaint()
            + (refused
                ? "; the README says which rights the user needs"
                : "; see that it runs and that its pg_hba.conf lets this user in"),
        cause);
  }

  private String complaint() {
    synchronized (complaints) {
      String said =
          complaints
              .toString()
              .replaceAll("(?m)^(psql:(<stdin>:\\d+:)?\\s*)?(error|ERROR|FATAL|WARNING):\\s*", "")
              .strip()
              .replaceAll("\\s*\\R\\s*", " ");
      return said.isEmpty() ? "the session ended" : said;
    }
  }

  /** Ends the session in order, which ends a backup begun in it. */
  @Override
  public void close() {
    try {
      questions.close();
    } catch (IOException | UncheckedIOException e) {
      // The program is gone already.
    }
    boolean ended = false;
    try {
      ended = process.waitFor(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (!ended) {
        process.destroyForcibly();
      }
    }
  }
}
