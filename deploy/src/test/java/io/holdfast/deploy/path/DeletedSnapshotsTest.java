package io.holdfast.deploy.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.agent.restore.RestorePlan;
import io.holdfast.agent.restore.RestoreResult;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.recovery.Recovery;
import io.holdfast.proto.wire.v1.ApplyPoliciesRequest;
import io.holdfast.proto.wire.v1.DeleteSnapshotsRequest;
import io.holdfast.proto.wire.v1.ListSnapshotsRequest;
import io.holdfast.proto.wire.v1.PlannedSnapshot;
import io.holdfast.proto.wire.v1.ReleaseHoldRequest;
import io.holdfast.proto.wire.v1.SetHoldRequest;
import io.holdfast.proto.wire.v1.Snapshot;
import io.holdfast.proto.wire.v1.SnapshotFate;
import io.holdfast.proto.wire.v1.UndeleteSnapshotsRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots that are deleted, come back, are held, and are forgotten, from end to end. */
class DeletedSnapshotsTest {
  @TempDir Path directory;

  private final MovableTime time = new MovableTime();
  private OneHost one;

  @BeforeEach
  void found() throws Exception {
    one = OneHost.found(directory, time);
  }

  @AfterEach
  void stop() {
    one.close();
  }

  private SnapshotId backup(String content) throws Exception {
    Files.writeString(one.source.resolve("file.txt"), content);
    return one.backup();
  }

  private List<Snapshot> list(boolean deleted) {
    List<Snapshot> found = new ArrayList<>();
    one.admin.snapshots(ListSnapshotsRequest.newBuilder().setDeleted(deleted).build(), found::add);
    return found;
  }

  private static List<String> ids(List<Snapshot> snapshots) {
    return snapshots.stream()
        .map(snapshot -> SnapshotId.of(snapshot.getSnapshot().toByteArray()).toString())
        .toList();
  }

  private void undelete(SnapshotId snapshot) {
    one.admin.undeleteSnapshots(
        UndeleteSnapshotsRequest.newBuilder().addSnapshots(snapshot.toString()).build());
  }

  private static HoldfastException assertCode(ErrorCode code, Executable action) {
    HoldfastException thrown = assertThrows(HoldfastException.class, action);
    assertEquals(code, thrown.code(), thrown.getMessage());
    return thrown;
  }

  @Test
  void aDeletedSnapshotShouldBeRestoredOnlyOnceItIsBack() throws Exception {
    SnapshotId first = backup("one");
    SnapshotId second = backup("two");
    SnapshotId third = backup("three");
    assertCode(
        ErrorCode.CONFIRMATION_REQUIRED,
        () ->
            one.admin.deleteSnapshots(
                DeleteSnapshotsRequest.newBuilder().addSnapshots(first.toString()).build()));
    one.delete(first);
    assertEquals(List.of(second.toString(), third.toString()), ids(list(false)));
    assertEquals(List.of(first.toString()), ids(list(true)));
    HoldfastException refused =
        assertCode(
            ErrorCode.SNAPSHOT_DELETED,
            () -> one.host.restore(first, directory.resolve("target"), RestorePlan.EVERYTHING));
    assertTrue(refused.getMessage().contains("snapshot undelete"), refused.getMessage());
    assertCode(ErrorCode.SNAPSHOT_DELETED, () -> one.admin.snapshot(first.toString()));
    undelete(first);
    RestoreResult restored =
        one.host.restore(first, directory.resolve("target"), RestorePlan.EVERYTHING);
    assertEquals(List.of(), restored.findings().failures());
    Path file = directory.resolve("target" + one.source).resolve("file.txt");
    assertEquals("one", Files.readString(file));
  }

  @Test
  void theNextBackupShouldBuildOnTheNewestLiveOne() throws Exception {
    backup("one");
    SnapshotId second = backup("two");
    SnapshotId third = backup("three");
    one.delete(third);
    assertEquals(
        second, SnapshotId.of(one.admin.snapshot("latest:alpha").getSnapshot().toByteArray()));
    SnapshotId fourth = backup("four");
    RestoreResult restored =
        one.host.restore(fourth, directory.resolve("target"), RestorePlan.EVERYTHING);
    assertEquals(List.of(), restored.findings().failures());
  }

  @Test
  void holdsShouldKeepAndShow() throws Exception {
    SnapshotId first = backup("one");
    backup("two");
    backup("three");
    one.admin.setHold(
        SetHoldRequest.newBuilder().setName("court").addSnapshots(first.toString()).build());
    assertEquals(List.of("court"), one.admin.snapshot(first.toString()).getHoldsList());
    assertCode(ErrorCode.SNAPSHOT_HELD, () -> one.delete(first));
    one.admin.releaseHold(
        ReleaseHoldRequest.newBuilder().setHold("court").setConfirmed(true).build());
    one.delete(first);
    assertEquals(List.of(first.toString()), ids(list(true)));
  }

  @Test
  void whatIsDeletedShouldBeForgottenAfterItsUndoAndByARestartToo() throws Exception {
    SnapshotId first = backup("one");
    backup("two");
    backup("three");
    one.delete(first);
    assertFalse(one.admin.clock().getTrusted(), "nobody watched it before");
    time.advance(Duration.ofDays(6));
    assertEquals(0, one.admin.runRetention("").getDropped());
    assertEquals(List.of(first.toString()), ids(list(true)));
    time.advance(Duration.ofDays(2));
    assertTrue(one.admin.clock().getTrusted(), "it ran evenly for a week");
    one.admin.runRetention("alpha"); // or the hourly round that this waits for
    assertEquals(List.of(), ids(list(true)));
    one.fleet.stop();
    one.fleet.start();
    assertEquals(2, list(false).size());
    assertTrue(one.admin.clock().getTrusted());
    assertCode(ErrorCode.SNAPSHOT_NOT_FOUND, () -> undelete(first));
  }

  @Test
  void rulesShouldThinAHistoryAndTellWhy() throws Exception {
    one.admin.confirmClock(true);
    one.admin.applyPolicies(
        ApplyPoliciesRequest.newBuilder()
            .setFile("p.yaml")
            .setText(
                """
                apiVersion: holdfast/v1
                kind: Policy
                metadata: {name: servers}
                spec:
                  selector: {}
                  source: {files: {include: [%s]}}
                  schedule: {cron: "@daily"}
                  retention: {daily: 2, within: 1d}
                """
                    .formatted(one.source))
            .setConfirmed(true)
            .build());
    for (int day = 0; day < 4; day++) {
      backup("day " + day);
      time.advance(Duration.ofDays(1));
    }
    List<PlannedSnapshot> planned = new ArrayList<>();
    one.admin.planRetention("alpha", planned::add);
    assertEquals(4, planned.size());
    assertTrue(
        planned.stream().allMatch(each -> each.getFate() == SnapshotFate.SNAPSHOT_FATE_KEEP),
        "nothing is proven here, so nothing stands for another");
    assertTrue(planned.getFirst().getReasons(0).contains("isn't proven yet"), planned.toString());
    assertEquals(List.of("servers"), planned.getFirst().getRulesList());
    assertEquals(0, one.admin.runRetention("").getDeleted());
  }

  @Test
  void breakGlassShouldReachWhatIsDeleted() throws Exception {
    SnapshotId first = backup("one");
    backup("two");
    backup("three");
    one.delete(first);
    one.fleet.stop();
    try (Recovery recovery = one.fleet.recover()) {
      List<String> found = new ArrayList<>();
      recovery.forEach(each -> found.add(each.stored().id().toString()));
      assertTrue(found.contains(first.toString()), found::toString);
    }
    one.fleet.start();
  }
}
