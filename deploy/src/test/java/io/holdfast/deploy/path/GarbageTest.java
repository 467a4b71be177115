package io.holdfast.deploy.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.agent.backup.BackupResult;
import io.holdfast.agent.restore.RestorePlan;
import io.holdfast.agent.restore.RestoreResult;
import io.holdfast.agent.testkit.FileTree;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.node.CatalogMaintenance;
import io.holdfast.coordinator.recovery.CatalogRebuild;
import io.holdfast.proto.wire.v1.HostSpace;
import io.holdfast.proto.wire.v1.PlanSweepEvent;
import io.holdfast.proto.wire.v1.RunSweepEvent;
import io.holdfast.proto.wire.v1.SpaceByHost;
import io.holdfast.proto.wire.v1.SweepPlan;
import io.holdfast.proto.wire.v1.SweepResult;
import io.holdfast.proto.wire.v1.SweepStatusAnswer;
import io.holdfast.proto.wire.v1.VaultStatsAnswer;
import io.holdfast.proto.wire.v1.VerifyEvent;
import io.holdfast.proto.wire.v1.VerifyLevel;
import io.holdfast.proto.wire.v1.VerifyRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What nothing references leaves the vault, and nothing else does, over days that pass by hand. */
class GarbageTest {
  @TempDir private Path directory;
  private final MovableTime time = new MovableTime();
  private OneHost one;

  @BeforeEach
  void found() throws Exception {
    one = OneHost.found(directory, time);
    one.admin.confirmClock(true);
  }

  @AfterEach
  void stop() {
    one.close();
  }

  private SnapshotId backup() throws Exception {
    return one.backup();
  }

  private void noise(String name, int mebibytes, long seed) throws Exception {
    Files.write(one.source.resolve(name), BackupAndRestoreTest.noise(mebibytes << 20, seed));
  }

  /** Deletes it for good. */
  private void forget(SnapshotId snapshot) {
    one.delete(snapshot);
    time.advance(Duration.ofDays(8));
    one.admin.confirmClock(true);
    one.admin.runRetention("");
  }

  private SweepResult sweep() {
    List<SweepResult> results = new ArrayList<>();
    one.admin.runSweep(event -> {
      if (event.getEventCase() == RunSweepEvent.EventCase.RESULT) {
        results.add(event.getResult());
      }
    });
    assertEquals(1, results.size());
    return results.getFirst();
  }

  /** What was deleted by now: by this sweep, or the daily one that went before. */
  private SweepStatusAnswer deleted() {
    sweep();
    return one.admin.sweepStatus();
  }

  private SweepPlan plan() {
    List<SweepPlan> plans = new ArrayList<>();
    one.admin.planSweep(event -> {
      if (event.getEventCase() == PlanSweepEvent.EventCase.PLAN) {
        plans.add(event.getPlan());
      }
    });
    assertEquals(1, plans.size());
    return plans.getFirst();
  }

  /** Lets quarantine and checkpoints pass. */
  private void age() {
    one.admin.writeCheckpoint();
    one.admin.writeCheckpoint();
    time.advance(Duration.ofDays(4));
    one.admin.confirmClock(true);
  }

  private void assertRestores(SnapshotId snapshot, String target) throws Exception {
    Path directory = this.directory.resolve(target);
    RestoreResult restored = one.host.restore(snapshot, directory, RestorePlan.EVERYTHING);
    assertEquals(List.of(), restored.findings().failures());
    assertEquals(
        List.of(),
        FileTree.read(one.source)
            .differences(FileTree.read(directory.resolve(one.source.toString().substring(1)))));
  }

  private void assertNothingIsDamaged() {
    one.admin.verify(
        VerifyRequest.newBuilder().setLevel(VerifyLevel.VERIFY_LEVEL_PROVEN).build(),
        event -> assertTrue(event.getEventCase() != VerifyEvent.EventCase.FAULT, event::toString));
  }

  @Test
  void shouldReclaimWhatOnlyAForgottenSnapshotNeeded() throws Exception {
    noise("stays.bin", 3, 1);
    noise("goes.bin", 6, 2);
    SnapshotId first = backup();
    assertEquals(0, plan().getEntries());
    Files.delete(one.source.resolve("goes.bin"));
    final SnapshotId second = backup();
    forget(first);
    SweepPlan planned = plan();
    assertTrue(planned.getBytes() > 6 << 20, planned::toString);

    SweepResult condemned = sweep();
    assertEquals(planned.getBytes(), condemned.getCondemnedBytes());
    assertRestores(second, "beside what is condemned");
    assertEquals(0, deleted().getDeletedPacks(), "neither quarantine nor checkpoints passed");
    long before = one.admin.vaultStats().getStoredBytes();
    age();
    SweepStatusAnswer status = deleted();

    assertTrue(status.getDeletedBytes() > 4 << 20, status::toString); // a mixed pack may stay
    assertTrue(before - one.admin.vaultStats().getStoredBytes() > 4 << 20);
    assertEquals(List.of(), List.copyOf(status.getWaitingList()));
    assertNothingIsDamaged();
    assertRestores(second, "after the deletion");
    assertRestores(backup(), "a new one");
    one.fleet.stop();
    CatalogRebuild.Rebuilt rebuilt =
        CatalogMaintenance.rebuild(one.fleet.config, one.fleet.randomness);
    assertEquals(0, rebuilt.unreadPacks());
    one.fleet.start();
    assertRestores(second, "after a rebuild");
    assertNothingIsDamaged();
  }

  /** Every byte of the vault's packs is accounted for, at each stage of what becomes of them. */
  @Test
  void theBytesOfTheVaultShouldAddUp() throws Exception {
    noise("little.bin", 1, 1);
    noise("much.bin", 9, 2);
    SnapshotId first = backup();
    assertAddsUp();
    Files.delete(one.source.resolve("much.bin"));
    backup();
    one.admin.writeCheckpoint(); // else the one of these days writes a pack while the sweep looks
    forget(first);
    SweepResult swept = sweep();
    assertTrue(swept.getCondemnedBytes() > 8 << 20);
    VaultStatsAnswer stats = assertAddsUp();
    assertEquals(0, stats.getGarbageBytes());
    assertTrue(stats.getCondemnedBytes() > 8 << 20);
    Path orphan = one.fleet.config.vault().directory().resolve("packs/00/" + "0".repeat(32));
    Files.createDirectories(orphan.getParent());
    Files.write(orphan, new byte[12_345]);
    sweep();
    assertEquals(12_345, assertAddsUp().getUnnamedBytes());
    age();
    sweep();
    assertAddsUp();
  }

  private VaultStatsAnswer assertAddsUp() throws Exception {
    VaultStatsAnswer stats = one.admin.vaultStats();
    long files;
    try (Stream<Path> packs = Files.walk(one.fleet.config.vault().directory().resolve("packs"))) {
      files = packs.filter(Files::isRegularFile).mapToLong(path -> path.toFile().length()).sum();
    }
    assertEquals(
        files,
        stats.getLiveBytes()
            + stats.getCondemnedBytes()
            + stats.getOverheadBytes()
            + stats.getVoidBytes()
            + stats.getUnnamedBytes()
            + stats.getLostBytes(),
        stats::toString);
    return stats;
  }

  /** What two hosts have is shared, and what one of them has is its own. */
  @Test
  void shouldTellWhatHostsShare() throws Exception {
    noise("common.bin", 3, 1);
    noise("own.bin", 1, 2);
    backup();
    Path others = Files.createDirectories(directory.resolve("others"));
    Files.copy(one.source.resolve("common.bin"), others.resolve("common.bin"));
    Files.write(others.resolve("other.bin"), BackupAndRestoreTest.noise(2 << 20, 3));
    try (ProtectedHost beta = one.fleet.enrol("beta")) {
      beta.backup(others);
      sweep();
      SpaceByHost space = one.admin.vaultStats().getSpace();
      assertEquals(
          List.of("beta", "alpha"),
          space.getHostsList().stream().map(HostSpace::getName).toList(),
          "the most first");
      long ofBeta = space.getHosts(0).getOwnBytes();
      long ofAlpha = space.getHosts(1).getOwnBytes();
      assertEquals(2, ofBeta >> 20, space::toString);
      assertEquals(1, ofAlpha >> 20, space::toString);
      assertTrue(space.getSharedBytes() >= 3 << 20, space::toString);
      assertEquals(0, space.getUnreferencedBytes(), space::toString);
      assertEquals(space.getLiveBytes(), ofBeta + ofAlpha + space.getSharedBytes());
      assertEquals(space.getLiveBytes(), one.admin.vaultStats().getLiveBytes());
    }
  }

  @Test
  void shouldRewriteAPackOfWhichLittleIsLeft() throws Exception {
    noise("little.bin", 1, 1);
    noise("much.bin", 9, 2);
    SnapshotId first = backup();
    Files.delete(one.source.resolve("much.bin"));
    SnapshotId second = backup();
    forget(first);

    long rewritten = sweep().getRewrittenPacks();
    assertTrue(rewritten > 0);
    assertRestores(second, "out of the rewritten pack");
    age();
    assertTrue(deleted().getDeletedPacks() >= rewritten);
    assertRestores(second, "after the old pack went");
    assertNothingIsDamaged();
    assertTrue(one.admin.vaultStats().getStoredBytes() < 4 << 20);
  }

  @Test
  void shouldStoreAnewWhatComesBackAfterItWasCondemned() throws Exception {
    noise("stays.bin", 1, 1);
    noise("comes back.bin", 5, 2);
    SnapshotId first = backup();
    Files.delete(one.source.resolve("comes back.bin"));
    backup();
    forget(first);
    sweep();
    noise("comes back.bin", 5, 2);
    BackupResult third = one.host.backup(one.source);
    assertTrue(third.counters().uploadedPlainBytes() > 5 << 20, "condemned is for ever");
    assertNothingIsDamaged(); // proven, it stands in for what was condemned
    age();
    assertTrue(deleted().getDeletedBytes() > 3 << 20);
    assertRestores(third.snapshot(), "target");
    assertNothingIsDamaged();
  }
}
