package io.holdfast.deploy.faults;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.seam.Time;
import io.holdfast.proto.wire.v1.VerifyLevel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 of the agent or the coordinator at random moments, the other one running on. */
class KillTest {
  private static final int VERIFY_EVERY = 10;
  private static final Duration START_AT_MOST = Duration.ofMillis(2_500);

  @TempDir Path root;

  private final Time time = Time.system();
  private final Seed seed = Seed.of(KillTest.class);
  private final SplittableRandom random = seed.random();
  private ProcessFleet fleet;
  private SeededSource source;
  private Claims claims;
  private long typicalNanos = Duration.ofMillis(500).toNanos();

  @Test
  void shouldLoseNothingByADozenKills() throws Exception {
    makeRounds(Seed.rounds(10));
  }

  @Test
  @Tag("full")
  void shouldLoseNothingByHundredsOfKills() throws Exception {
    makeRounds(Seed.rounds(400));
  }

  private void makeRounds(int rounds) throws Exception {
    source = new SeededSource(seed.value(), Files.createDirectory(root.resolve("s")), 160, 700_000);
    try (ProcessFleet started = ProcessFleet.found(root)) {
      fleet = started;
      claims = new Claims(fleet, source);
      source.moveTo(0);
      claims.note(fleet.mustBackup(source.directory()));
      for (int round = 1; round <= rounds; round++) {
        makeRound(round, round % VERIFY_EVERY == 0);
      }
      claims.checkAll();
    }
    System.out.printf(
        "%d kills, %d acknowledged snapshots, %d that nobody was told of%n",
        rounds, claims.acknowledged(), claims.unacknowledged());
  }

  private void makeRound(int round, boolean verify) throws Exception {
    try {
      source.moveTo(round);
      if (random.nextInt(5) == 0) {
        killDuringRestore();
      } else {
        killDuringBackup();
      }
      long since = time.nanos();
      claims.note(fleet.mustBackup(source.directory()));
      typicalNanos = (typicalNanos + time.nanos() - since) / 2;
      claims.check(random);
      if (verify) {
        fleet.checkVerifies(VerifyLevel.VERIFY_LEVEL_CHECKED);
      }
    } catch (AssertionError | Exception e) {
      throw new AssertionError("round " + round + ", " + seed + "\n" + fleet.logs(), e);
    }
  }

  private void killDuringBackup() throws Exception {
    CompletableFuture<ProcessFleet.Told> backup = fleet.backup(source.directory());
    killAndRestart();
    claims.note(backup.get());
    fleet.awaitReady();
  }

  /** What a broken restore left is completed by the same order. */
  private void killDuringRestore() throws Exception {
    String newest = fleet.mustBackup(source.directory());
    claims.note(newest);
    Path target = fleet.newTarget();
    CompletableFuture<ProcessFleet.Told> restore = fleet.restore(newest, target);
    killAndRestart();
    var _ = restore.get();
    fleet.awaitReady();
    var again = fleet.restore(newest, target).get();
    assertTrue(again.acknowledged().isPresent(), again::toString);
    ProcessFleet.checkRestored(target, source.directory(), source.tree(source.version()));
  }

  /** One kill in four is followed by another while the victim starts. */
  private void killAndRestart() throws Exception {
    Daemon victim = random.nextBoolean() ? fleet.agent : fleet.coordinator;
    time.sleep(Duration.ofNanos(random.nextLong(typicalNanos * 5 / 4)));
    victim.kill();
    victim.start();
    if (random.nextInt(4) == 0) {
      time.sleep(Duration.ofNanos(random.nextLong(START_AT_MOST.toNanos())));
      victim.kill();
      victim.start();
    }
  }
}
