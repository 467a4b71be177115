package io.holdfast.deploy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.proto.wire.v1.ApproveRetentionAnswer;
import io.holdfast.proto.wire.v1.ApproveRetentionRequest;
import io.holdfast.proto.wire.v1.Clock;
import io.holdfast.proto.wire.v1.ConfirmClockRequest;
import io.holdfast.proto.wire.v1.DeleteSnapshotsAnswer;
import io.holdfast.proto.wire.v1.DeleteSnapshotsRequest;
import io.holdfast.proto.wire.v1.Hold;
import io.holdfast.proto.wire.v1.ListSnapshotsRequest;
import io.holdfast.proto.wire.v1.PlanRetentionRequest;
import io.holdfast.proto.wire.v1.PlannedSnapshot;
import io.holdfast.proto.wire.v1.ReleaseHoldRequest;
import io.holdfast.proto.wire.v1.RunRetentionAnswer;
import io.holdfast.proto.wire.v1.SetHoldRequest;
import io.holdfast.proto.wire.v1.SnapshotFate;
import io.holdfast.proto.wire.v1.UndeleteSnapshotsAnswer;
import io.holdfast.proto.wire.v1.UndeleteSnapshotsRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetentionCommandsTest extends CommandLineFixture {
  private static final Hold HOLD =
      Hold.newBuilder()
          .setHold(Samples.JOB)
          .setName("court")
          .setReason("case 7")
          .setActor("anna")
          .setSetMillis(Samples.MILLIS)
          .addSnapshots(Samples.SNAPSHOT_ID)
          .build();

  @Test
  void shouldDeleteSnapshotsOnlyAsTold() {
    admin()
        .script(
            DeleteSnapshotsAnswer.newBuilder()
                .addSnapshots(Samples.SNAPSHOT_ID)
                .setUndoUntilMillis(Samples.MILLIS)
                .build());
    String out = runWell("snapshot", "delete", "3fa1", "web1@2026-01-01", "--yes");
    assertEquals("deleted     3fa1b2c4d5\nundo until  2026-01-02 03:04:05\n", out);
    DeleteSnapshotsRequest sent = admin().request(DeleteSnapshotsRequest.class);
    assertEquals(List.of("3fa1", "web1@2026-01-01T23:59:59.999Z"), sent.getSnapshotsList());
    assertTrue(sent.getConfirmed());
  }

  @Test
  void shouldFailAndSayWhatWouldGoUnlessConfirmed() {
    admin()
        .failWith(
            new HoldfastException(
                ErrorCode.CONFIRMATION_REQUIRED, "would be deleted: 3fa1b2c4d5 (web1)"));
    Ended ended = run("snapshot", "delete", "3fa1");
    assertEquals(1, ended.code());
    assertTrue(ended.err().contains("would be deleted: 3fa1b2c4d5"), ended.err());
    assertFalse(admin().request(DeleteSnapshotsRequest.class).getConfirmed());
    assertEquals(2, run("snapshot", "delete").code());
  }

  @Test
  void shouldHaveSnapshotsBack() {
    admin().script(UndeleteSnapshotsAnswer.newBuilder().addSnapshots(Samples.SNAPSHOT_ID).build());
    assertEquals("undeleted  3fa1b2c4d5\n", runWell("snapshot", "undelete", "3fa1"));
    assertEquals(
        List.of("3fa1"), admin().request(UndeleteSnapshotsRequest.class).getSnapshotsList());
  }

  @Test
  void shouldListDeletedOnesWithTheEndOfTheirUndo() {
    admin()
        .script(
            Samples.SNAPSHOT.toBuilder()
                .setDeletedMillis(Samples.MILLIS)
                .setUndoUntilMillis(Samples.MILLIS + 604_800_000)
                .setDeletedByRules(true)
                .addHolds("court")
                .build());
    String list = runWell("snapshot", "ls", "web1", "--deleted");
    assertTrue(list.startsWith("SNAPSHOT    HOST  TIME                 DELETED"), list);
    assertTrue(list.contains("retention   2026-01-09 03:04:05  /etc"), list);
    assertTrue(admin().request(ListSnapshotsRequest.class).getDeleted());
    JsonNode json = run("snapshot", "ls", "--deleted", "--json").json().getFirst();
    assertEquals("2026-01-09T03:04:05.678Z", json.get("undo_until").textValue());
    assertEquals("court", json.get("holds").get(0).textValue());
  }

  @Test
  void aLiveSnapshotShouldSayNothingOfDeletion() {
    admin().script(Samples.SNAPSHOT);
    JsonNode json = run("snapshot", "ls", "--json").json().getFirst();
    assertFalse(json.has("deleted") || json.has("undo_until") || json.has("deleted_by"));
  }

  @Test
  void shouldSetListAndReleaseHolds() {
    admin().script(HOLD);
    String set = runWell("hold", "set", "court", "3fa1", "latest:web1", "--reason", "case 7");
    assertTrue(set.contains("court") && set.contains("3fa1b2c4d5"), set);
    SetHoldRequest sent = admin().request(SetHoldRequest.class);
    assertEquals("court", sent.getName());
    assertEquals("case 7", sent.getReason());
    assertEquals(List.of("3fa1", "latest:web1"), sent.getSnapshotsList());
    String line = runWell("hold", "ls").lines().toList().get(1);
    assertEquals("court  2026-01-02 03:04:05  anna   1      case 7", line);
    runWell("hold", "release", "court", "--yes");
    ReleaseHoldRequest released = admin().request(ReleaseHoldRequest.class);
    assertEquals("court", released.getHold());
    assertTrue(released.getConfirmed());
  }

  @Test
  void shouldTellWhatIsKeptAndWhy() {
    admin()
        .script(
            planned(SnapshotFate.SNAPSHOT_FATE_KEEP)
                .addRules("servers")
                .addReasons("daily: stands for day 2026-01-02")
                .build(),
            planned(SnapshotFate.SNAPSHOT_FATE_EXPIRE).addRules("servers").build());
    List<String> lines = runWell("retention", "plan", "--host", "web1").lines().toList();
    assertTrue(lines.get(1).contains("keep"), lines.get(1));
    assertTrue(lines.get(1).contains("daily: stands for day 2026-01-02"), lines.get(1));
    assertTrue(lines.get(2).contains("expire"), lines.get(2));
    assertEquals("web1", admin().request(PlanRetentionRequest.class).getHost());
    JsonNode json = run("retention", "plan", "--json").json().getFirst();
    assertEquals("servers", json.get("rules").get(0).textValue());
  }

  private static PlannedSnapshot.Builder planned(SnapshotFate fate) {
    return PlannedSnapshot.newBuilder()
        .setSnapshot(Samples.SNAPSHOT_ID)
        .setHost(ByteString.copyFrom(new byte[16]))
        .setHostName("web1")
        .setTimeMillis(Samples.MILLIS)
        .setFate(fate);
  }

  @Test
  void shouldMakeARoundAndSayWhatStopsIt() {
    admin()
        .script(
            RunRetentionAnswer.newBuilder()
                .setHosts(12)
                .setDeleted(30)
                .setUndeleted(1)
                .setDropped(4)
                .addBrakes("nothing of host web1 expires: the clock is doubted")
                .build());
    Ended ended = run("retention", "run");
    assertEquals(0, ended.code());
    assertEquals("hosts      12\ndeleted    30\nundeleted  1\nforgotten  4\n", ended.out());
    assertTrue(ended.err().contains("web1 expires: the clock is doubted"), ended.err());
  }

  @Test
  void shouldApproveAmounts() {
    admin()
        .script(
            ApproveRetentionAnswer.newBuilder()
                .setApproval(Samples.JOB)
                .setValidUntilMillis(Samples.MILLIS)
                .build());
    runWell(
        "retention",
        "approve",
        "web1",
        "--expiring",
        "40",
        "--unscheduled-per-day",
        "200",
        "--valid",
        "1d");
    assertEquals(
        ApproveRetentionRequest.newBuilder()
            .setHost("web1")
            .setExpiring(40)
            .setUnscheduledPerDay(200)
            .setValidSeconds(86_400)
            .build(),
        admin().request(ApproveRetentionRequest.class));
  }

  @Test
  void shouldShowAndConfirmTheClock() {
    admin()
        .script(
            Clock.newBuilder().setNowMillis(Samples.MILLIS).setDoubt("it stepped forward").build());
    String shown = runWell("clock", "show");
    assertTrue(shown.contains("trusted  no\n"), shown);
    assertTrue(shown.contains("doubt    it stepped forward\n"), shown);
    runWell("clock", "confirm", "--yes");
    assertTrue(admin().request(ConfirmClockRequest.class).getConfirmed());
  }
}
