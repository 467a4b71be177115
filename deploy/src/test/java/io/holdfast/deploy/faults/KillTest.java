package io.holdfast.deploy.faults;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.seam.Time;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.proto.wire.v1.DeleteSnapshotsRequest;
import io.holdfast.proto.wire.v1.VerifyEvent;
import io.holdfast.proto.wire.v1.VerifyLevel;
import io.holdfast.proto.wire.v1.VerifyRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 of the agent or the coordinator at random moments of every kind of work, the other one
 * running on.
 */
class KillTest {
  /** What is under way when somebody is killed. */
  private enum Work {
    BACKUP,
    RESTORE,
    PRUNE,
    SWEEP,
    PROOF
  }

  private static final int VERIFY_EVERY = 10;
  private static final int DAYS_PASS_EVERY = 40;
  private static final Duration UNDO_AND_MORE = Duration.ofHours(30);
  private static final Duration START_AT_MOST = Duration.ofMillis(2_500);

  @TempDir Path root;

  private final Time time = Time.system();
  private final Seed seed = Seed.of(KillTest.class);
  private final SplittableRandom random = seed.random();
  private boolean everyWork;
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
    everyWork = true;
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
        if (everyWork && round % DAYS_PASS_EVERY == 0) {
          forgetWhatIsDeleted();
        }
      }
      if (everyWork) {
        forgetWhatIsDeleted();
        sweepToTheEnd();
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
      switch (work(round)) {
        case BACKUP -> killDuringBackup();
        case RESTORE -> killDuringRestore();
        case PRUNE -> killDuringPrune();
        case SWEEP -> killDuring(KillTest::sweep);
        case PROOF -> killDuring(KillTest::prove);
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

  /** In the long run each in turn at first, then every second time a backup. */
  private Work work(int round) {
    if (!everyWork) {
      return random.nextInt(5) == 0 ? Work.RESTORE : Work.BACKUP;
    }
    Work[] all = Work.values();
    if (round <= all.length) {
      return all[round - 1];
    }
    return random.nextBoolean() ? Work.BACKUP : all[random.nextInt(all.length)];
  }

  /** What operators ask for; it may end by any error, and works when it is asked for again. */
  private void killDuring(Consumer<AdminLink> work) throws Exception {
    CompletableFuture<?> done = CompletableFuture.runAsync(() -> ask(work));
    killAndRestart();
    var _ = done.handle((nothing, failure) -> failure == null).get();
    fleet.awaitReady();
    ask(work);
  }

  private void ask(Consumer<AdminLink> work) {
    try (AdminLink admin = fleet.admin()) {
      work.accept(admin);
    }
  }

  private void killDuringPrune() throws Exception {
    claims.check(random);
    Optional<String> going = claims.giveUp(random);
    killDuring(admin -> {
      if (going.isPresent() && fleet.snapshots().contains(going.get())) {
        admin.deleteSnapshots(
            DeleteSnapshotsRequest.newBuilder()
                .addSnapshots(going.get())
                .setConfirmed(true)
                .build());
      }
      admin.runRetention("");
    });
  }

  private static void sweep(AdminLink admin) {
    admin.writeCheckpoint();
    admin.runSweep(event -> {});
  }

  private static void prove(AdminLink admin) {
    List<VerifyEvent> faults = new ArrayList<>();
    admin.verify(
        VerifyRequest.newBuilder().setLevel(VerifyLevel.VERIFY_LEVEL_PROVEN).build(),
        event -> {
          if (event.hasFault()) {
            faults.add(event);
          }
        });
    assertTrue(faults.isEmpty(), faults::toString);
  }

  /** A day and more passes, and nobody can have them back. */
  private void forgetWhatIsDeleted() throws Exception {
    fleet.letPass(UNDO_AND_MORE);
    ask(admin -> admin.runRetention(""));
  }

  private void sweepToTheEnd() {
    ask(KillTest::sweep);
    ask(AdminLink::writeCheckpoint);
    ask(KillTest::sweep);
    ask(admin -> assertTrue(admin.sweepStatus().getDeletedPacks() > 0, "something went"));
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
    var again = fleet.undisturbed(() -> fleet.restore(newest, target));
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
