package io.holdfast.deploy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Every command that reads a bad configuration says all that is wrong with it, and does nothing.
 */
class BadConfigurationTest extends CommandLineFixture {
  private static final String COORDINATOR =
      """
      version: 1
      data_dirr: /var/lib/holdfast
      listen: nowhere
      advertise: [":"]
      admin:
        socket: [a, b]
      packs:
        data_target: 24 pounds
        age_max: soon
      proof:
        enabled: maybe
      log:
        level: loud
      surprise: 1
      """;

  /** Line and words of each thing that is wrong; the vault's directory is missing altogether. */
  private static final List<String> COORDINATOR_PROBLEMS =
      List.of(
          ":2: ",
          "data_dirr",
          "data_dir",
          ":3: ",
          "nowhere",
          ":4: ",
          ":6: ",
          ":8: ",
          "24 pounds",
          ":9: ",
          "soon",
          ":11: ",
          "maybe",
          ":13: ",
          "loud",
          ":14: ",
          "surprise",
          "vault.directory");

  private static final String AGENT =
      """
      version: 1
      coordinators: [":", "b:99999"]
      labels: many
      restore:
        allow: 7
        in_place: perhaps
        rate_limit: fast
      backup:
        readers: 65
        exclud: ["*.o"]
      memory:
        in_flight: 1 KiB
        page_cache_on_disk: -1
      """;

  private static final List<String> AGENT_PROBLEMS =
      List.of(
          ":2: ", ":3: ", ":6: ", "perhaps", ":7: ", "fast", ":9: ", "65", ":10: ", "exclud",
          "exclude", ":12: ", "1 KiB", ":13: ");

  private Path file(String text) throws IOException {
    return Files.writeString(dir.resolve("bad.yaml"), text);
  }

  private void assertSaysAll(List<String> problems, Ended ended) {
    assertEquals(ExitCode.of(ErrorCode.INVALID_CONFIGURATION.kind()).number(), ended.code());
    for (String problem : problems) {
      assertTrue(ended.err().contains(problem), () -> "not said: " + problem + "\n" + ended.err());
    }
    assertEquals("", ended.out());
    assertEquals(List.of(), local.asked, "nothing was started");
  }

  @Test
  void shouldSayAllThatIsWrongForACoordinator() throws IOException {
    String file = file(COORDINATOR).toString();
    for (List<String> command :
        List.of(
            List.of("coordinator", "run"),
            List.of("config", "show", "coordinator"),
            List.of("catalog", "rebuild"))) {
      String[] arguments = withConfig(command, file);
      assertSaysAll(COORDINATOR_PROBLEMS, run(arguments));
    }
  }

  @Test
  void shouldSayAllThatIsWrongForAnAgent() throws IOException {
    String file = file(AGENT).toString();
    for (List<String> command :
        List.of(List.of("agent", "run"), List.of("config", "show", "agent"))) {
      assertSaysAll(AGENT_PROBLEMS, run(withConfig(command, file)));
    }
  }

  @Test
  void shouldSayAllThatIsWrongToAProgramToo() throws IOException {
    String[] arguments =
        withConfig(List.of("--json", "coordinator", "run"), file(COORDINATOR).toString());
    Ended ended = run(arguments);
    String message = Ended.lines(ended.err()).getFirst().findValue("message").asText();
    for (String problem : COORDINATOR_PROBLEMS) {
      assertTrue(message.contains(problem), () -> "not said: " + problem + "\n" + message);
    }
  }

  @Test
  void shouldRefuseWhatIsNoConfigurationAtAll() throws IOException {
    for (String text : List.of("", "- 1\n", "{", "version: 2\n", "\u0000\u0001", "a: &a [*a]\n")) {
      Ended ended = run("coordinator", "run", "--config", file(text).toString());
      assertEquals(ExitCode.of(ErrorCode.INVALID_CONFIGURATION.kind()).number(), ended.code());
      assertTrue(ended.err().contains("bad.yaml"), ended::err);
    }
    Ended directory = run("agent", "run", "--config", dir.toString());
    assertTrue(directory.code() != 0 && directory.err().contains(dir.toString()), directory::err);
  }

  private static String[] withConfig(List<String> command, String file) {
    List<String> all = new java.util.ArrayList<>(command);
    all.addAll(List.of("--config", file));
    return all.toArray(String[]::new);
  }
}
