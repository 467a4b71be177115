package io.holdfast.deploy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.agent.node.AgentConfig;
import io.holdfast.agent.postgres.Lsn;
import io.holdfast.agent.postgres.RecoveryTarget;
import io.holdfast.common.config.SecretText;
import io.holdfast.coordinator.node.CoordinatorConfig;
import io.holdfast.deploy.cli.LocalOperations.InitRequest;
import io.holdfast.deploy.cli.LocalOperations.RecoverRequest;
import io.holdfast.deploy.cli.LocalOperations.VaultAccess;
import io.holdfast.proto.wire.v1.JobOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LocalCommandLineTest extends CommandLineFixture {
  private Path config() throws IOException {
    return Files.writeString(dir.resolve("c.yaml"), "version: 1\nvault: {directory: /v}\n");
  }

  @Test
  void shouldListAndAnswerWhatWaitsForConsent() {
    assertTrue(runWell("agent", "consent", "--data-dir", dir.toString()).contains("0102"));
    runWell("agent", "consent", "0102", "--data-dir", dir.toString());
    runWell("agent", "consent", "0102", "--refuse", "--data-dir", dir.toString());
    assertTrue(local.asked.contains("0102 true") && local.asked.contains("0102 false"));
  }

  @Test
  void shouldMoveThisHostByATokenFromAFile() throws IOException {
    Path file = Files.writeString(dir.resolve("token"), "hf1-canary\n");
    String dataDir = dir.toString();
    runWell("agent", "move", "--token-file", file.toString(), "--data-dir", dataDir);
    assertTrue(local.asked.contains("hf1-canary") && local.asked.contains(true));
    runWell(
        "agent",
        "move",
        "--token-file",
        file.toString(),
        "--data-dir",
        dataDir,
        "--former-is-gone");
    assertTrue(local.asked.contains(false));
  }

  @Test
  void shouldListAndRestoreThisHostsOwn() {
    runWell("agent", "snapshots", "--data-dir", dir.toString());
    runWell(
        "agent",
        "restore",
        "latest",
        "/etc",
        "--to",
        "/r",
        "--repository",
        "01",
        "--data-dir",
        dir.toString());
    LocalOperations.OwnRestoreRequest request =
        local.asked.stream()
            .filter(LocalOperations.OwnRestoreRequest.class::isInstance)
            .map(LocalOperations.OwnRestoreRequest.class::cast)
            .findFirst()
            .orElseThrow();
    assertEquals("latest", request.snapshot());
    assertEquals("01", request.repository());
    assertEquals(List.of(ByteString.copyFromUtf8("etc")), request.paths());
  }

  @Test
  void shouldInitAndWriteTheConfigurationThatRunReads() throws IOException {
    Path file = dir.resolve("etc/it's.yaml");
    Ended ended =
        run(
            "init",
            "--vault",
            dir + "/vault",
            "--data-dir",
            dir + "/data",
            "--name",
            "west",
            "--passphrase-file",
            dir + "/pass",
            "--config",
            file.toString());
    assertEquals(0, ended.code(), ended.err());
    InitRequest request = (InitRequest) local.asked.getFirst();
    assertEquals("west", request.fleetName());
    assertEquals(dir.resolve("vault"), request.config().vault().directory());
    assertEquals(dir.resolve("data"), request.config().dataDir());
    assertEquals(new PassphraseSource.InFile(dir.resolve("pass")), request.passphrase());
    assertTrue(ended.out().contains("root fingerprint  " + "ab".repeat(32)), ended.out());
    assertTrue(ended.out().contains("recovery kit      /kit/kit.txt"), ended.out());
    assertTrue(ended.err().contains("Next: holdfast coordinator run --config " + file));
    runWell("config", "show", "coordinator", "--config", file.toString());
    assertTrue(Files.readString(file).contains("data_dir: '" + dir + "/data'"));
  }

  @Test
  void shouldRefuseOptionsThatContradictTheConfiguration() throws IOException {
    Ended ended = run("init", "--vault", "/other", "--config", config().toString());
    assertEquals(2, ended.code());
    assertTrue(ended.err().contains("says vault /v"), ended.err());
    assertTrue(local.asked.isEmpty());
  }

  @Test
  void shouldAskForVaultWhenNothingNamesIt() {
    Ended ended = run("init", "--config", dir + "/none.yaml");
    assertEquals(2, ended.code());
    assertTrue(ended.err().contains("Pass --vault DIR"), ended.err());
  }

  @Test
  void shouldAskForNewPassphraseTwice() throws IOException {
    typed.addAll(List.of("correct horse", "correct horse"));
    runWell("init", "--config", config().toString());
    InitRequest request = (InitRequest) local.asked.getFirst();
    var secret = assertInstanceOf(PassphraseSource.Typed.class, request.passphrase());
    assertEquals("correct horse", new String(secret.chars()));
    assertFalse(secret.toString().contains("horse"));
    typed.addAll(List.of("correct horse", "correct house"));
    Ended differ = run("init", "--config", config().toString());
    assertEquals(2, differ.code());
    assertTrue(differ.err().contains("the two passphrases differ"), differ.err());
  }

  @Test
  void shouldRefuseToInitWithoutPassphraseOrTerminal() throws IOException {
    Ended ended = run("init", "--config", config().toString());
    assertEquals(2, ended.code());
    assertTrue(ended.err().contains("pass --passphrase-file"), ended.err());
  }

  @Test
  void shouldRunCoordinatorUntilInterrupted() throws IOException {
    environment.put("HOLDFAST_LOG_LEVEL", "warn");
    String file = config().toString();
    CompletableFuture<Ended> ending =
        CompletableFuture.supplyAsync(() -> run("coordinator", "run", "--config", file));
    interrupt();
    assertEquals(0, ending.join().code(), ending.join()::toString);
    CoordinatorConfig config = (CoordinatorConfig) local.asked.getFirst();
    assertEquals(CoordinatorConfig.LogLevel.WARN, config.log().level());
  }

  @Test
  void shouldRunAgentWithDataDirectoryOfTheOption() {
    CompletableFuture<Ended> ending =
        CompletableFuture.supplyAsync(
            () -> run("agent", "run", "--data-dir", dir.toString(), "--log-level", "debug"));
    interrupt();
    assertEquals(0, ending.join().code(), ending.join()::toString);
    AgentConfig config = (AgentConfig) local.asked.getFirst();
    assertEquals(dir, config.dataDir());
    assertEquals(AgentConfig.LogLevel.DEBUG, config.log().level());
  }

  @Test
  void shouldEnrolByTokenFileVariableOrPipe() throws IOException {
    Path file = Files.writeString(dir.resolve("token"), "  hf1-canary\n");
    Ended ended = run("agent", "enroll", "--token-file", file.toString());
    assertEquals(0, ended.code(), ended.err());
    assertFalse(ended.toString().contains("canary"));
    assertTrue(ended.out().contains("backup1:7443"), ended.out());
    environment.put("HOLDFAST_TOKEN_FILE", file.toString());
    runWell("agent", "enrol");
    piped = "hf1-piped";
    runWell("agent", "enroll", "--token-file", "-", "--data-dir", dir.toString());
    List<Object> tokens = local.asked.stream().filter(SecretText.class::isInstance).toList();
    assertEquals(
        List.of("hf1-canary", "hf1-canary", "hf1-piped"),
        tokens.stream().map(token -> ((SecretText) token).reveal()).toList());
  }

  @Test
  void shouldRefuseTokenOnTheCommandLineWithoutRepeatingIt() {
    Ended ended = run("agent", "enroll", "hf1-canary");
    assertEquals(2, ended.code());
    assertTrue(ended.err().contains("isn't taken as an argument"), ended.err());
    assertFalse(ended.toString().contains("canary"));
    assertTrue(local.asked.isEmpty());
  }

  @Test
  void shouldSayWhereTokensComeFromWhenThereIsNone() throws IOException {
    assertTrue(run("agent", "enroll").err().contains("holdfast token create"));
    Path empty = Files.writeString(dir.resolve("empty"), "\n");
    assertTrue(run("agent", "enroll", "--token-file", empty.toString()).err().contains("no token"));
    assertEquals(10, run("agent", "enroll", "--token-file", dir + "/missing").code());
  }

  @Test
  void shouldListAndRecoverFromVaultAlone() {
    coordinator.close();
    environment.put("HOLDFAST_PASSPHRASE_FILE", "/pass");
    VaultAccess access =
        new VaultAccess(dir, Optional.empty(), new PassphraseSource.InFile(Path.of("/pass")));
    String list = runWell("recover", "--vault", dir.toString(), "--list");
    assertTrue(list.contains("3fa1b2c4d5  web1"), list);
    String out = runWell("recover", "--vault", dir.toString(), "latest", "/etc", "--to", "/r");
    assertTrue(out.startsWith("recovery of latest to /r complete"), out);
    assertEquals(
        List.of(
            access,
            new RecoverRequest(
                access, "latest", List.of(ByteString.copyFromUtf8("etc")), Path.of("/r"))),
        local.asked);
    local.outcome = JobOutcome.JOB_OUTCOME_COMPLETE_WITH_GAPS;
    assertEquals(3, run("recover", "--vault", dir.toString(), "latest", "--to", "/r").code());
  }

  @Test
  void shouldRefuseRecoverThatIsNeitherListNorRestore() {
    String vault = dir.toString();
    for (List<String> words :
        List.of(
            List.of("recover", "--vault", vault),
            List.of("recover", "--vault", vault, "latest"),
            List.of("recover", "--vault", vault, "--to", "/r"),
            List.of("recover", "--vault", vault, "--list", "--to", "/r"))) {
      Ended ended = run(words.toArray(String[]::new));
      assertEquals(2, ended.code(), words::toString);
      assertTrue(ended.err().contains("either --list, or a SNAPSHOT and --to DIR"), ended.err());
    }
    assertEquals(10, run("recover", "--vault", dir + "/none", "--list").code());
    assertTrue(local.asked.isEmpty());
  }

  @Test
  void shouldRebuildCatalogAndImportKeys() throws IOException {
    String config = config().toString();
    assertEquals(
        "journal seq  42\nsnapshots    7\npacks        3\n",
        runWell("catalog", "rebuild", "--config", config));
    Path kit = Files.writeString(dir.resolve("kit.txt"), "kit");
    runWell("key", "import", kit.toString(), "--passphrase-file", "/p", "--config", config);
    assertEquals(kit, local.asked.get(2));
    assertEquals(10, run("key", "import", dir + "/none", "--config", config).code());
    Path next = dir.resolve("next.txt");
    runWell("key", "passphrase", "--out", next + "", "--passphrase-file", "/p", "--config", config);
    assertEquals("a kit\n", Files.readString(next));
  }

  @Test
  void shouldPrepareClusterForAnyPointInTime() {
    String cluster = dir.toString();
    String out = runWell("postgres", "prepare", cluster);
    assertTrue(out.contains("data directory  " + dir.resolve("data")), out);
    assertTrue(run("postgres", "prepare", cluster).err().contains("chmod o+x"));
    runWell("postgres", "prepare", cluster, "--to-time", "2026-03-01 06:00:00");
    runWell("postgres", "prepare", cluster, "--to-time", "2026-03-01T06:00:00.5+01:00");
    runWell("postgres", "prepare", cluster, "--to-transaction", "742");
    runWell("postgres", "prepare", cluster, "--to-name", "before the upgrade");
    runWell("postgres", "prepare", cluster, "--to-lsn", "16/B374D848");
    runWell("postgres", "prepare", cluster, "--to-end");
    Instant six = Instant.parse("2026-03-01T06:00:00Z"); // the zone of these tests is UTC
    assertEquals(
        List.of(
            new RecoveryTarget.Backup(),
            new RecoveryTarget.Backup(),
            new RecoveryTarget.Time(six),
            new RecoveryTarget.Time(Instant.parse("2026-03-01T05:00:00.5Z")),
            new RecoveryTarget.Transaction(742),
            new RecoveryTarget.Name("before the upgrade"),
            new RecoveryTarget.Position(Lsn.parse("16/B374D848")),
            new RecoveryTarget.Everything()),
        local.asked.stream().filter(RecoveryTarget.class::isInstance).toList());
  }

  @Test
  void shouldRefuseTargetsThatNoServerUnderstands() {
    for (List<String> target :
        List.of(
            List.of("--to-time", "yesterday"),
            List.of("--to-lsn", "B374D848"),
            List.of("--to-name", "o'clock"),
            List.of("--to-end", "--to-transaction", "1"))) {
      List<String> words = new ArrayList<>(List.of("postgres", "prepare", dir.toString()));
      words.addAll(target);
      assertEquals(2, run(words.toArray(String[]::new)).code(), target::toString);
    }
    assertEquals(10, run("postgres", "prepare", dir + "/none").code());
    assertTrue(local.asked.isEmpty());
  }

  @Test
  void shouldShowConfigurationWithOrigins() throws IOException {
    String out = runWell("config", "show", "coordinator", "--config", config().toString());
    String line = out.lines().filter(each -> each.startsWith("vault.directory")).findFirst().get();
    assertTrue(line.contains("/v") && line.endsWith("/c.yaml:2"), line);
    assertTrue(out.contains("default"), out);
  }

  @Test
  void exampleConfigurationsShowTheirDefaults() throws IOException {
    Path agent = Files.writeString(dir.resolve("a.yaml"), runWell("config", "example", "agent"));
    runWell("config", "show", "agent", "--config", agent.toString());
    assertTrue(runWell("config", "example", "coordinator").contains("\nvault:\n"));
  }
}
