package io.holdfast.coordinator.rpc;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.browse.SnapshotNames;
import io.holdfast.coordinator.catalog.KeptSnapshot;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.fleet.HostDirectory;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.coordinator.prune.ClockKeeper;
import io.holdfast.coordinator.prune.Deletions;
import io.holdfast.coordinator.prune.Holds;
import io.holdfast.coordinator.prune.PruneRounds;
import io.holdfast.coordinator.prune.RetentionApprovals;
import io.holdfast.coordinator.retention.Approval;
import io.holdfast.coordinator.retention.Decision;
import io.holdfast.coordinator.retention.Reason;
import io.holdfast.coordinator.retention.clock.ClockStanding;
import io.holdfast.proto.wire.v1.ApproveRetentionAnswer;
import io.holdfast.proto.wire.v1.ApproveRetentionRequest;
import io.holdfast.proto.wire.v1.Clock;
import io.holdfast.proto.wire.v1.ConfirmClockRequest;
import io.holdfast.proto.wire.v1.DeleteSnapshotsAnswer;
import io.holdfast.proto.wire.v1.DeleteSnapshotsRequest;
import io.holdfast.proto.wire.v1.Hold;
import io.holdfast.proto.wire.v1.PlanRetentionRequest;
import io.holdfast.proto.wire.v1.PlannedSnapshot;
import io.holdfast.proto.wire.v1.ReleaseHoldRequest;
import io.holdfast.proto.wire.v1.RunRetentionAnswer;
import io.holdfast.proto.wire.v1.RunRetentionRequest;
import io.holdfast.proto.wire.v1.SetHoldRequest;
import io.holdfast.proto.wire.v1.SnapshotFate;
import io.holdfast.proto.wire.v1.UndeleteSnapshotsAnswer;
import io.holdfast.proto.wire.v1.UndeleteSnapshotsRequest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The Admin calls about deletion and retention, without gRPC around them. Any thread; calls block.
 * Errors as {@link SnapshotNames}, {@link HostDirectory#find} and those of the package prune.
 */
public final class AdminRetention {
  private final SnapshotNames names;
  private final HostDirectory hosts;
  private final Deletions deletions;
  private final Holds holds;
  private final RetentionApprovals approvals;
  private final PruneRounds rounds;
  private final ClockKeeper clock;

  public AdminRetention(
      SnapshotNames names,
      HostDirectory hosts,
      Deletions deletions,
      Holds holds,
      RetentionApprovals approvals,
      PruneRounds rounds,
      ClockKeeper clock) {
    this.names = names;
    this.hosts = hosts;
    this.deletions = deletions;
    this.holds = holds;
    this.approvals = approvals;
    this.rounds = rounds;
    this.clock = clock;
  }

  /** Deletes all of them for {@code actor}, or none. */
  public DeleteSnapshotsAnswer deleteSnapshots(DeleteSnapshotsRequest request, String actor)
      throws InterruptedException {
    List<StoredSnapshot> snapshots =
        request.getSnapshotsList().stream().map(names::resolve).toList();
    Deletions.Deleted deleted = deletions.delete(snapshots, request.getConfirmed(), actor);
    return DeleteSnapshotsAnswer.newBuilder()
        .addAllSnapshots(bytes(deleted.snapshots()))
        .setUndoUntilMillis(deleted.undoUntil().toEpochMilli())
        .build();
  }

  /** {@code request} by the ids of what it names. */
  DeleteSnapshotsRequest named(DeleteSnapshotsRequest request) {
    return request.toBuilder()
        .clearSnapshots()
        .addAllSnapshots(
            request.getSnapshotsList().stream()
                .map(name -> names.resolve(name).id().toString())
                .distinct()
                .toList())
        .build();
  }

  /** What would be deleted, in words; errors as {@link #deleteSnapshots}, as far as they show. */
  String deletion(DeleteSnapshotsRequest request) {
    return deletions.words(request.getSnapshotsList().stream().map(names::resolve).toList());
  }

  /** Has all of them back for {@code actor}, or none. */
  public UndeleteSnapshotsAnswer undeleteSnapshots(UndeleteSnapshotsRequest request, String actor)
      throws InterruptedException {
    List<KeptSnapshot> snapshots =
        request.getSnapshotsList().stream().map(names::resolveKept).toList();
    return UndeleteSnapshotsAnswer.newBuilder()
        .addAllSnapshots(bytes(deletions.undelete(snapshots, actor)))
        .build();
  }

  private static List<ByteString> bytes(List<SnapshotId> snapshots) {
    return snapshots.stream().map(id -> ByteString.copyFrom(id.toByteArray())).toList();
  }

  // Holds.

  public Hold setHold(SetHoldRequest request, String actor) throws InterruptedException {
    Set<SnapshotId> snapshots = new LinkedHashSet<>();
    request
        .getSnapshotsList()
        .forEach(name -> snapshots.add(names.resolveKept(name).stored().id()));
    return view(holds.set(request.getName(), request.getReason(), snapshots, actor));
  }

  public Hold releaseHold(ReleaseHoldRequest request, String actor) throws InterruptedException {
    return view(holds.release(request.getHold(), request.getConfirmed(), actor));
  }

  /** {@code request} by the hold's id; HOLD_NOT_FOUND. */
  ReleaseHoldRequest named(ReleaseHoldRequest request) {
    Holds.Hold hold = holds.get(request.getHold());
    return request.toBuilder().setHold(HexFormat.of().formatHex(hold.id().toByteArray())).build();
  }

  /** What would be released, in words; HOLD_NOT_FOUND. */
  String hold(ReleaseHoldRequest request) {
    return holds.words(holds.get(request.getHold()));
  }

  public void listHolds(Consumer<Hold> out) {
    holds.list(hold -> out.accept(view(hold)));
  }

  private static Hold view(Holds.Hold hold) {
    return Hold.newBuilder()
        .setHold(hold.id())
        .setName(hold.name())
        .setReason(hold.reason())
        .setActor(hold.actor())
        .setSetMillis(hold.set().toEpochMilli())
        .addAllSnapshots(hold.snapshots())
        .build();
  }

  // Retention.

  public void planRetention(PlanRetentionRequest request, Consumer<PlannedSnapshot> out) {
    rounds.plan(host(request.getHost()), planned -> out.accept(view(planned)));
  }

  public RunRetentionAnswer runRetention(RunRetentionRequest request) throws InterruptedException {
    PruneRounds.Outcome outcome = rounds.make(host(request.getHost()));
    return RunRetentionAnswer.newBuilder()
        .setHosts(outcome.hosts())
        .setDeleted(outcome.deleted())
        .setUndeleted(outcome.undeleted())
        .setDropped(outcome.dropped())
        .addAllBrakes(outcome.brakes())
        .build();
  }

  private Optional<NamedHost> host(String name) {
    return name.isEmpty() ? Optional.empty() : Optional.of(hosts.find(name));
  }

  private static PlannedSnapshot view(PruneRounds.Planned planned) {
    PlannedSnapshot.Builder view =
        PlannedSnapshot.newBuilder()
            .setSnapshot(planned.snapshot().committed().getSnapshot())
            .setHost(planned.snapshot().committed().getHost())
            .setHostName(planned.host().name())
            .setTimeMillis(planned.snapshot().timeMillis())
            .addAllRules(planned.rules());
    return switch (planned.decision()) {
      case Decision.Keep keep ->
          view.setFate(SnapshotFate.SNAPSHOT_FATE_KEEP)
              .addAllReasons(words(keep.reasons()))
              .build();
      case Decision.Undelete undelete ->
          view.setFate(SnapshotFate.SNAPSHOT_FATE_UNDELETE)
              .addAllReasons(words(undelete.reasons()))
              .build();
      case Decision.Expire _ -> view.setFate(SnapshotFate.SNAPSHOT_FATE_EXPIRE).build();
      case Decision.Await await ->
          view.setFate(SnapshotFate.SNAPSHOT_FATE_AWAIT)
              .addReasons("can be had back until " + await.undoUntil())
              .build();
      case Decision.Drop _ -> view.setFate(SnapshotFate.SNAPSHOT_FATE_DROP).build();
    };
  }

  private static List<String> words(List<Reason> reasons) {
    return reasons.stream().map(Reason::words).toList();
  }

  public ApproveRetentionAnswer approveRetention(ApproveRetentionRequest request, String actor)
      throws InterruptedException {
    Duration life =
        request.getValidSeconds() == 0
            ? RetentionApprovals.USUAL_LIFE
            : Duration.ofSeconds(request.getValidSeconds());
    RetentionApprovals.Given given =
        approvals.give(
            hosts.find(request.getHost()).id(),
            new Approval(request.getExpiring(), request.getUnscheduledPerDay()),
            life,
            actor);
    return ApproveRetentionAnswer.newBuilder()
        .setApproval(given.id())
        .setValidUntilMillis(given.validUntil().toEpochMilli())
        .build();
  }

  // The clock.

  public Clock showClock() {
    return view(clock.read());
  }

  public Clock confirmClock(ConfirmClockRequest request, String actor) throws InterruptedException {
    return view(clock.confirm(request.getConfirmed(), actor));
  }

  private static Clock view(ClockStanding standing) {
    return Clock.newBuilder()
        .setNowMillis(standing.now().toEpochMilli())
        .setTrusted(standing.isTrusted())
        .setDoubt(standing.doubt().map(doubt -> doubt.words()).orElse(""))
        .build();
  }
}
