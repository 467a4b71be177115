package io.holdfast.deploy.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Programs that a test starts, and ends by their process. */
final class Command {
  private static final int SECONDS = 600;

  private Command() {}

  /** Words that run {@code words} as {@code user}, if this is another one. */
  static List<String> as(Optional<String> user, List<String> words) {
    List<String> all = new ArrayList<>();
    user.ifPresent(name ->
        all.addAll(
            List.of("setpriv", "--reuid=" + name, "--regid=" + name, "--clear-groups", "--")));
    all.addAll(words);
    return all;
  }

  /** Runs to the end; what it printed. AssertionError if it fails. */
  static String run(List<String> words) throws Exception {
    Path out = Files.createTempFile("printed", ".txt");
    try {
      Process process = start(words, out);
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        end(process, "KILL");
        throw new AssertionError(words + " has no end: " + Files.readString(out));
      }
      String printed = Files.readString(out, StandardCharsets.UTF_8);
      if (process.exitValue() != 0) {
        throw new AssertionError(words + " ended with " + process.exitValue() + ": " + printed);
      }
      return printed;
    } finally {
      Files.delete(out);
    }
  }

  static Process start(List<String> words, Path out) throws IOException {
    return new ProcessBuilder(words)
        .directory(Path.of("/").toFile())
        .redirectInput(Path.of("/dev/null").toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(out.toFile()))
        .start();
  }

  /** Sends a signal and waits for the end. */
  static void end(Process process, String signal) throws IOException, InterruptedException {
    if (process.isAlive()) {
      new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
    }
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      throw new AssertionError("process " + process.pid() + " did not end by SIG" + signal);
    }
  }
}
