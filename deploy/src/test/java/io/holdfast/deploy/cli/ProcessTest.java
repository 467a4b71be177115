package io.holdfast.deploy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.proto.wire.v1.CancelJobRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The command as a process of its own: signals and exit codes are the JVM's business too. */
class ProcessTest extends CommandLineFixture {
  private Process start(String... arguments) throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    words.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().put("HOLDFAST_SOCKET", coordinator.path().toString());
    return builder.start();
  }

  private static String read(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** SIGTERM and not SIGINT: a shell that starts the build in the background ignores the latter. */
  @Test
  void shouldCancelJobAndShowItsEndWhenTerminated() throws Exception {
    admin().script(Samples.progress(500_000));
    Process process = start("backup", "web1", "/etc");
    admin().openJob().join();
    int first = process.getInputStream().read(); // progress: the job's name has arrived
    process.toHandle().destroy();
    String rest = read(process);
    assertEquals(143, process.waitFor(), rest);
    assertEquals('s', first);
    assertTrue(rest.contains("backup of web1 failed"), rest);
    assertEquals(Samples.JOB, admin().request(CancelJobRequest.class).getJob());
  }

  @Test
  void shouldEndWithTheCodeOfTheTable() throws Exception {
    Process process = start("status", "--socket", "/nowhere/c.sock");
    String printed = read(process);
    assertEquals(11, process.waitFor(), printed);
    assertEquals(
        "holdfast: no coordinator listens on /nowhere/c.sock: start it by `holdfast coordinator"
            + " run`, or pass --socket\n",
        printed);
  }
}
