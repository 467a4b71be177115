package io.holdfast.deploy.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.agent.backup.BackupResult;
import io.holdfast.agent.restore.RestorePlan;
import io.holdfast.agent.restore.RestoreResult;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.recovery.Recovery;
import io.holdfast.deploy.link.AdminLink;
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
  private Fleet fleet;
  private ProtectedHost host;
  private AdminLink admin;
  private Path source;

  @BeforeEach
  void found() throws Exception {
    fleet = Fleet.found(directory.resolve("fleet"), time);
    host = fleet.enrol("alpha");
    admin = fleet.admin();
    source = Files.createDirectories(directory.resolve("source"));
  }

  @AfterEach
  void stop() {
    admin.close();
    host.close();
    fleet.close();
  }

  private SnapshotId backup(String content) throws Exception {
    Files.writeString(source.resolve("file.txt"), content);
    BackupResult result = host.backup(source);
    return result.snapshot();
  }

  private List<Snapshot> list(boolean deleted) {
    List<Snapshot> found = new ArrayList<>();
    admin.snapshots(ListSnapshotsRequest.newBuilder().setDeleted(deleted).build(), found::add);
    return found;
  }

  private static List<String> ids(List<Snapshot> snapshots) {
    return snapshots.stream()
        .map(snapshot -> SnapshotId.of(snapshot.getSnapshot().toByteArray()).toString())
        .toList();
  }

  private void delete(SnapshotId... snapshots) {
    DeleteSnapshotsRequest.Builder request = DeleteSnapshotsRequest.newBuilder().setConfirmed(true);
    for (SnapshotId snapshot : snapshots) {
      request.addSnapshots(snapshot.toString());
    }
    admin.deleteSnapshots(request.build());
  }

  private void undelete(SnapshotId snapshot) {
    admin.undeleteSnapshots(
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
            admin.deleteSnapshots(
                DeleteSnapshotsRequest.newBuilder().addSnapshots(first.toString()).build()));
    delete(first);
    assertEquals(List.of(second.toString(), third.toString()), ids(list(false)));
    assertEquals(List.of(first.toString()), ids(list(true)));
    HoldfastException refused =
        assertCode(
            ErrorCode.SNAPSHOT_DELETED,
            () -> host.restore(first, directory.resolve("target"), RestorePlan.EVERYTHING));
    assertTrue(refused.getMessage().contains("snapshot undelete"), refused.getMessage());
    assertCode(ErrorCode.SNAPSHOT_DELETED, () -> admin.snapshot(first.toString()));
    undelete(first);
    RestoreResult restored =
        host.restore(first, directory.resolve("target"), RestorePlan.EVERYTHING);
    assertEquals(List.of(), restored.findings().failures());
    Path file = directory.resolve("target" + source).resolve("file.txt");
    assertEquals("one", Files.readString(file));
  }

  @Test
  void theNextBackupShouldBuildOnTheNewestLiveOne() throws Exception {
    backup("one");
    SnapshotId second = backup("two");
    SnapshotId third = backup("three");
    delete(third);
    assertEquals(second, SnapshotId.of(admin.snapshot("latest:alpha").getSnapshot().toByteArray()));
    SnapshotId fourth = backup("four");
    RestoreResult restored =
        host.restore(fourth, directory.resolve("target"), RestorePlan.EVERYTHING);
    assertEquals(List.of(), restored.findings().failures());
  }

  @Test
  void holdsShouldKeepAndShow() throws Exception {
    SnapshotId first = backup("one");
    backup("two");
    backup("three");
    admin.setHold(
        SetHoldRequest.newBuilder().setName("court").addSnapshots(first.toString()).build());
    assertEquals(List.of("court"), admin.snapshot(first.toString()).getHoldsList());
    assertCode(ErrorCode.SNAPSHOT_HELD, () -> delete(first));
    admin.releaseHold(ReleaseHoldRequest.newBuilder().setHold("court").setConfirmed(true).build());
    delete(first);
    assertEquals(List.of(first.toString()), ids(list(true)));
  }

  @Test
  void whatIsDeletedShouldBeForgottenAfterItsUndoAndByARestartToo() throws Exception {
    SnapshotId first = backup("one");
    backup("two");
    backup("three");
    delete(first);
    assertFalse(admin.clock().getTrusted(), "nobody watched it before");
    time.advance(Duration.ofDays(6));
    assertEquals(0, admin.runRetention("").getDropped());
    assertEquals(List.of(first.toString()), ids(list(true)));
    time.advance(Duration.ofDays(2));
    assertTrue(admin.clock().getTrusted(), "it ran evenly for a week");
    admin.runRetention("alpha"); // or the hourly round that this waits for
    assertEquals(List.of(), ids(list(true)));
    fleet.stop();
    fleet.start();
    assertEquals(2, list(false).size());
    assertTrue(admin.clock().getTrusted());
    assertCode(ErrorCode.SNAPSHOT_NOT_FOUND, () -> undelete(first));
  }

  @Test
  void rulesShouldThinAHistoryAndTellWhy() throws Exception {
    admin.confirmClock(true);
    admin.applyPolicies(
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
                    .formatted(source))
            .setConfirmed(true)
            .build());
    for (int day = 0; day < 4; day++) {
      backup("day " + day);
      time.advance(Duration.ofDays(1));
    }
    List<PlannedSnapshot> planned = new ArrayList<>();
    admin.planRetention("alpha", planned::add);
    assertEquals(4, planned.size());
    assertTrue(
        planned.stream().allMatch(each -> each.getFate() == SnapshotFate.SNAPSHOT_FATE_KEEP),
        "nothing is proven here, so nothing stands for another");
    assertTrue(planned.getFirst().getReasons(0).contains("isn't proven yet"), planned.toString());
    assertEquals(List.of("servers"), planned.getFirst().getRulesList());
    assertEquals(0, admin.runRetention("").getDeleted());
  }

  @Test
  void breakGlassShouldReachWhatIsDeleted() throws Exception {
    SnapshotId first = backup("one");
    backup("two");
    backup("three");
    delete(first);
    fleet.stop();
    try (Recovery recovery = fleet.recover()) {
      List<String> found = new ArrayList<>();
      recovery.forEach(each -> found.add(each.stored().id().toString()));
      assertTrue(found.contains(first.toString()), found::toString);
    }
    fleet.start();
  }
}
