package io.holdfast.deploy.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.seam.Time;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.StatusAnswer;
import io.holdfast.proto.wire.v1.VerifyLevel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are told to stop, vanish, come back or find their place taken. */
class StartStopTest {
  private static final int TERMINATED = 143;
  private static final int TRY_AGAIN = 11;

  @TempDir Path root;

  private final Seed seed = Seed.of(StartStopTest.class);
  private ProcessFleet fleet;
  private SeededSource source;

  @BeforeEach
  void found() throws Exception {
    source =
        new SeededSource(seed.value(), Files.createDirectory(root.resolve("s")), 64, 2_000_000);
    source.moveTo(0);
    fleet = ProcessFleet.found(root);
  }

  @AfterEach
  void close() {
    fleet.close();
  }

  /** Lives through everything that a coordinator's process goes through in a week. */
  @Test
  void shouldTellWhoeverWaitsAndComeBack() throws Exception {
    String first = fleet.mustBackup(source.directory());
    source.moveTo(1);

    CompletableFuture<ProcessFleet.Told> backup = slowBackup();
    assertEquals(TERMINATED, fleet.coordinator.terminate());
    assertTold(backup.get(), "coordinator");
    fleet.coordinator.start();
    fleet.awaitReady();
    String second = fleet.mustBackup(source.directory());
    int versionOfSecond = source.version(); // the backup that was ended had moved it on

    backup = slowBackup();
    fleet.agent.kill();
    fleet.agent.start();
    ProcessFleet.Told told = backup.get();
    assertTrue(
        told instanceof ProcessFleet.Told.Ended(JobResult result)
            && result.getOutcome() == JobOutcome.JOB_OUTCOME_FAILED
            && result.getError().getMessage().contains("agent"),
        told::toString);
    fleet.awaitReady();

    backup = slowBackup();
    assertEquals(TERMINATED, fleet.agent.terminate());
    assertFalse(backup.get().acknowledged().isPresent());
    fleet.agent.start();
    fleet.awaitReady();

    fleet.checkRestores(first, source.directory(), source.tree(0));
    fleet.checkRestores(second, source.directory(), source.tree(versionOfSecond));
    fleet.checkVerifies(VerifyLevel.VERIFY_LEVEL_PROVEN);
  }

  @Test
  void shouldRefuseToStartBesideAnotherCoordinator() throws Exception {
    try (Daemon rival = fleet.rival()) {
      rival.start();
      assertEquals(TRY_AGAIN, rival.awaitEnd());
      assertTrue(rival.logTail().contains("another coordinator leads"), rival.logTail());
    }
    String snapshot = fleet.mustBackup(source.directory());
    fleet.checkRestores(snapshot, source.directory(), source.tree(0));
  }

  /** SIGSTOP of the one that leads, while its lock is lost and another takes its place. */
  @Test
  @Tag("full")
  void shouldEndIfItsPlaceWasTakenWhileItWasStopped() throws Exception {
    var random = seed.random();
    Claims claims = new Claims(fleet, source);
    try (Daemon rival = fleet.rival()) {
      for (int round = 1; round <= Seed.rounds(12); round++) {
        source.moveTo(round);
        CompletableFuture<ProcessFleet.Told> backup = fleet.backup(source.directory());
        Time.system().sleep(Duration.ofMillis(random.nextInt(800)));
        fleet.coordinator.pause();
        Files.delete(fleet.vault.resolve("leader.lock"));
        rival.start();
        rival.awaitLog("leads and listens");
        fleet.coordinator.resume();
        claims.note(backup.get());
        assertEquals(TRY_AGAIN, fleet.coordinator.awaitEnd(), fleet::logs);
        assertEquals(TERMINATED, rival.terminate(), rival.logTail());
        fleet.coordinator.start();
        fleet.awaitReady();
        claims.note(fleet.mustBackup(source.directory()));
        claims.check(random);
      }
      claims.checkAll();
    }
  }

  /** A backup that is under way and can't be through soon. */
  private CompletableFuture<ProcessFleet.Told> slowBackup() throws Exception {
    source.moveTo(source.version() + 1);
    CompletableFuture<ProcessFleet.Told> backup = fleet.slowBackup(source.directory());
    fleet.await("a running job", (StatusAnswer status) -> status.getJobsRunning() == 1);
    return backup;
  }

  private static void assertTold(ProcessFleet.Told told, String word) {
    assertTrue(
        told instanceof ProcessFleet.Told.Failed(var cause) && cause.getMessage().contains(word),
        told::toString);
  }

  @Test
  void shouldEndTheCommandByTheRightCode() throws Exception {
    Daemon command =
        new Daemon(
            root.resolve("command.log"),
            "backup",
            "--socket",
            fleet.socket().toString(),
            "--rate-limit",
            "20KiB/s",
            ProcessFleet.HOST,
            source.directory().toString());
    for (Daemon victim : List.of(fleet.agent, fleet.coordinator)) {
      command.start();
      fleet.await("a running job", (StatusAnswer status) -> status.getJobsRunning() == 1);
      victim.kill();
      victim.start();
      assertEquals(TRY_AGAIN, command.awaitEnd(), command.logTail());
      fleet.awaitReady();
    }
  }
}
