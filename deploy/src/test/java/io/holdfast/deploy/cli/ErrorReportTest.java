package io.holdfast.deploy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorReportTest extends CommandLineFixture {
  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void shouldEndByTheTableWhateverTheCoordinatorAnswers(ErrorCode code) {
    admin().failWith(new HoldfastException(code, "what, why, next"));
    Ended ended = run("status", "--json");
    assertEquals(ExitCode.of(code.kind()).number(), ended.code());
    JsonNode error = Ended.lines(ended.err()).getFirst();
    assertEquals("exit_error", error.get("message_type").textValue());
    assertEquals(code.name(), error.get("error").textValue());
    assertEquals(code.number(), error.get("number").intValue());
    assertEquals(ended.code(), error.get("code").intValue());
    assertEquals("what, why, next", error.get("message").textValue());
    assertEquals("", ended.out());
  }

  @Test
  void shouldSayHowToStartCoordinatorWhenNoSocketIsThere() {
    Path missing = dir.resolve("missing.sock");
    Ended ended = run("status", "--socket", missing.toString());
    assertEquals(11, ended.code());
    assertEquals(
        "holdfast: no coordinator listens on "
            + missing
            + ": start it by `holdfast coordinator run`, or pass --socket\n",
        ended.err());
  }

  @Test
  void shouldSayThatNobodyAnswersOnAbandonedSocket() throws IOException {
    Path abandoned = dir.resolve("old.sock");
    ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(abandoned))
        .close();
    Ended ended = run("status", "--socket", abandoned.toString());
    assertEquals(11, ended.code());
    assertTrue(
        ended.err().startsWith("holdfast: nobody answers on " + abandoned + ": the coordinator"),
        ended.err());
  }

  @Test
  void shouldSayHowLongItWaited() {
    admin().neverAnswer();
    Ended ended = run("status", "--timeout", "200ms");
    assertEquals(11, ended.code());
    assertTrue(ended.err().contains("gave no answer within 0.2s"), ended.err());
  }

  @Test
  void shouldSayThatCoordinatorWentAwayWhenItStopsMidCall() {
    admin().script(Samples.progress(1));
    var stop = admin().openJob().thenRunAsync(() -> coordinator.close());
    Ended ended = run("backup", "web1", "/etc");
    stop.join();
    assertEquals(11, ended.code(), ended::toString);
    assertTrue(ended.err().contains("went away"), ended.err());
  }

  @Test
  void shouldFindSocketByConfigurationWhenNothingNamesIt() throws IOException {
    environment.remove("HOLDFAST_SOCKET");
    Path config =
        Files.writeString(
            dir.resolve("c.yaml"),
            "version: 1\nvault: {directory: /v}\nadmin: {socket: " + dir.resolve("x") + "}\n");
    Ended ended = run("status", "--config", config.toString());
    assertTrue(ended.err().contains("no coordinator listens on " + dir.resolve("x")), ended.err());
    environment.put("HOLDFAST_CONFIG", config.toString());
    assertEquals(ended, run("status"));
  }

  @Test
  void shouldReportEveryProblemOfConfiguration() throws IOException {
    environment.remove("HOLDFAST_SOCKET");
    Path config = Files.writeString(dir.resolve("c.yaml"), "version: 1\nvalt: 1\nlisten: x\n");
    Ended ended = run("status", "--config", config.toString());
    assertEquals(2, ended.code());
    assertTrue(ended.err().contains("c.yaml:2: unknown key \"valt\"; did you mean \"vault\"?"));
    assertTrue(ended.err().contains("c.yaml:3: \"listen\""), ended.err());
  }

  @Test
  void shouldHintAtHelpOnBadUsage() {
    Ended ended = run("backup");
    assertEquals(2, ended.code());
    assertTrue(ended.err().contains("see `holdfast backup --help`"), ended.err());
    assertEquals(1, ended.err().lines().count(), ended.err());
    Ended json = run("backup", "--json");
    assertEquals("USAGE", Ended.lines(json.err()).getFirst().get("error").textValue());
  }

  @Test
  void shouldSuggestNearCommand() {
    String err = run("snapshto", "ls").err();
    assertTrue(err.contains("did you mean") && err.contains("snapshot"), err);
  }

  @Test
  void shouldListCommandsOfGroupThatNeedsOne() {
    Ended ended = run("snapshot");
    assertEquals(2, ended.code());
    assertTrue(ended.err().contains("needs one of its commands: ls"), ended.err());
  }

  @Test
  void shouldRefuseUnreadableDurationAndRate() {
    for (List<String> words :
        List.of(
            List.of("status", "--timeout", "5"),
            List.of("status", "--timeout", "0s"),
            List.of("backup", "w", "/e", "--rate-limit", "9"),
            List.of("token", "create", "--address", "nowhere"))) {
      assertEquals(2, run(words.toArray(String[]::new)).code(), words::toString);
    }
  }

  @Test
  void shouldPrintStackTraceOnlyWhenVerbose() {
    admin().failWith(new HoldfastException(ErrorCode.BUSY, "busy"));
    assertFalse(run("status").err().contains("\tat "));
    assertTrue(run("status", "-v").err().contains("\tat "));
  }
}
