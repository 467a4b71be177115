package io.holdfast.deploy.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.common.seam.Time;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.VerifyLevel;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real coordinator on a real file system that loses power, or has no room. */
@Tag("full")
class PowerCutTest {
  private static final int DISK_MEBIBYTES = 1_024;

  @TempDir Path root;

  private final Time time = Time.system();
  private final Seed seed = Seed.of(PowerCutTest.class);
  private final SplittableRandom random = seed.random();
  private SeededSource source;
  private LoopDisk disk;
  private ProcessFleet fleet;
  private long typicalNanos = Duration.ofMillis(700).toNanos();

  @Test
  void shouldLoseNothingByPowerCutsOnExt4() throws Exception {
    cutPower("ext4", Seed.rounds(40));
  }

  @Test
  void shouldLoseNothingByPowerCutsOnXfs() throws Exception {
    cutPower("xfs", Seed.rounds(40));
  }

  private Path mountPoint(String type) throws Exception {
    Optional<String> whyNot = LoopDisk.whyNot(type, root);
    assumeTrue(whyNot.isEmpty(), () -> "skipped: " + whyNot.orElseThrow());
    return Files.createDirectory(root.resolve("m"));
  }

  private void cutPower(String type, int rounds) throws Exception {
    Path mountPoint = mountPoint(type);
    source = new SeededSource(seed.value(), Files.createDirectory(root.resolve("s")), 160, 700_000);
    source.moveTo(0);
    try (LoopDisk made = LoopDisk.make(type, DISK_MEBIBYTES, mountPoint);
        ProcessFleet started =
            ProcessFleet.found(root, mountPoint.resolve("v"), mountPoint.resolve("d"))) {
      disk = made;
      fleet = started;
      Claims claims = new Claims(fleet, source);
      claims.note(fleet.mustBackup(source.directory()));
      for (int round = 1; round <= rounds; round++) {
        makeRound(round, claims);
      }
      claims.checkAll();
      System.out.printf(
          "%s: %d power cuts, %d acknowledged snapshots, %d that nobody was told of%n",
          type, rounds, claims.acknowledged(), claims.unacknowledged());
    }
  }

  private void makeRound(int round, Claims claims) throws Exception {
    try {
      source.moveTo(round);
      CompletableFuture<ProcessFleet.Told> backup = fleet.backup(source.directory());
      time.sleep(Duration.ofNanos(random.nextLong(typicalNanos * 5 / 4)));
      if (random.nextBoolean()) {
        fleet.coordinator.kill();
        disk.cutPower();
      } else {
        disk.cutPower();
        time.sleep(Duration.ofMillis(random.nextInt(300)));
        fleet.coordinator.kill();
      }
      claims.note(backup.get());
      disk.unmount();
      disk.mount();
      fleet.coordinator.start();
      fleet.awaitReady();
      long since = time.nanos();
      claims.note(fleet.mustBackup(source.directory()));
      typicalNanos = (typicalNanos + time.nanos() - since) / 2;
      claims.check(random);
    } catch (AssertionError | Exception e) {
      throw new AssertionError("round " + round + ", " + seed + "\n" + fleet.logs(), e);
    }
  }

  @Test
  void shouldSayThatTheDiskIsFullAndGoOnWhenThereIsRoom() throws Exception {
    Path mountPoint = mountPoint("ext4");
    source =
        new SeededSource(seed.value(), Files.createDirectory(root.resolve("s")), 160, 8_000_000);
    source.moveTo(0);
    try (LoopDisk made = LoopDisk.make("ext4", 160, mountPoint);
        ProcessFleet started =
            ProcessFleet.found(root, mountPoint.resolve("v"), root.resolve("d"))) {
      disk = made;
      fleet = started;
      String earlier = fleet.mustBackup(source.directory());
      Path ballast = mountPoint.resolve("ballast");
      fill(ballast);
      source.moveTo(8);
      ProcessFleet.Told told = fleet.backup(source.directory()).get();
      assertTrue(
          told instanceof ProcessFleet.Told.Ended(JobResult result)
              && result.getOutcome() == JobOutcome.JOB_OUTCOME_FAILED
              && result.getError().getMessage().matches("(?s).*(full|left).*"),
          told::toString);
      fleet.checkRestores(earlier, source.directory(), source.tree(0));
      Files.delete(ballast);
      fleet.awaitReady();
      String next = fleet.mustBackup(source.directory());
      fleet.checkRestores(next, source.directory(), source.tree(8));
      fleet.checkRestores(earlier, source.directory(), source.tree(0));
      fleet.checkVerifies(VerifyLevel.VERIFY_LEVEL_PROVEN);
      assertEquals(2, fleet.snapshots().size());
    }
  }

  /** Leaves a mebibyte. */
  private static void fill(Path ballast) throws Exception {
    long room = Files.getFileStore(ballast.getParent()).getUsableSpace();
    try (var file = new RandomAccessFile(ballast.toFile(), "rw")) {
      byte[] mebibyte = new byte[1 << 20];
      for (long left = room - (1 << 20); left > 0; left -= mebibyte.length) {
        file.write(mebibyte, 0, (int) Math.min(left, mebibyte.length));
      }
      file.getFD().sync();
    }
  }
}
