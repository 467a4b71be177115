package io.holdfast.deploy.faults;

import io.holdfast.common.seam.Time;
import io.holdfast.deploy.cli.Main;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A command of this build in a process of its own, started again and again. One thread. */
public final class Daemon implements AutoCloseable {
  private static final int END_SECONDS = 300;
  private static final int LOG_LINES = 60;
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  private final Path log;
  private final List<String> java = new ArrayList<>();
  private List<String> words = List.of();
  private Process process;
  private int printedBefore;

  /**
   * @param log what it prints, over all its lives
   */
  Daemon(Path log, String... arguments) {
    this.log = log;
    java.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path")));
    become(Main.class, arguments);
  }

  /** From its next start on it runs {@code main} with {@code arguments}. */
  final void become(Class<?> main, String... arguments) {
    words = new ArrayList<>(java);
    words.add(main.getName());
    words.addAll(List.of(arguments));
  }

  public void start() throws IOException {
    printedBefore = logged().length();
    File out = log.toFile();
    process =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(out))
            .start();
  }

  boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** SIGKILL: nothing of it runs any more when this returns. */
  public void kill() throws InterruptedException {
    if (process != null) {
      process.destroyForcibly();
      process.waitFor();
    }
  }

  /** SIGSTOP: it keeps its files, locks and connections and does nothing. */
  void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** SIGCONT. */
  void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start();
    if (kill.waitFor() != 0) {
      throw new IOException("kill -" + name + " of process " + process.pid() + " failed");
    }
  }

  /** SIGTERM; returns the exit code. */
  int terminate() throws InterruptedException {
    process.toHandle().destroy();
    return awaitEnd();
  }

  /** Waits for it to end by itself; returns the exit code. */
  int awaitEnd() throws InterruptedException {
    if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("still alive after " + END_SECONDS + " s\n" + logTail());
    }
    return process.exitValue();
  }

  /** The end of what it printed. */
  String logTail() {
    List<String> lines = logged().lines().toList();
    List<String> last = lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size());
    return log.getFileName() + ":\n" + String.join("\n", last);
  }

  private String logged() {
    try {
      return Files.exists(log) ? new String(Files.readAllBytes(log), StandardCharsets.UTF_8) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether this life of the process has printed {@code words}. */
  boolean hasSaid(String words) {
    return logged().substring(printedBefore).contains(words);
  }

  /** Waits until this life of the process has printed {@code words}. */
  void awaitLog(String words) throws InterruptedException {
    while (!hasSaid(words)) {
      if (!isAlive()) {
        throw new AssertionError("it ended without saying: " + words + "\n" + logTail());
      }
      Time.system().sleep(LOOK_EVERY);
    }
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
      try {
        process.waitFor();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
