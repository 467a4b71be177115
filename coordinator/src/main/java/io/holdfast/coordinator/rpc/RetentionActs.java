package io.holdfast.coordinator.rpc;

import io.holdfast.coordinator.people.Act;
import io.holdfast.coordinator.people.Actor;
import io.holdfast.coordinator.people.Approvals;
import io.holdfast.proto.stored.v1.ActKind;
import io.holdfast.proto.wire.v1.AdminGrpc;
import io.holdfast.proto.wire.v1.DeleteSnapshotsAnswer;
import io.holdfast.proto.wire.v1.DeleteSnapshotsRequest;
import io.holdfast.proto.wire.v1.Hold;
import io.holdfast.proto.wire.v1.ReleaseHoldRequest;
import java.util.List;

/**
 * The calls about snapshots that destroy: each asks whether it needs a second person. Any thread;
 * calls block.
 */
public final class RetentionActs {
  private final AdminRetention retention;
  private final Approvals approvals;

  private final Act deleteSnapshots =
      GuardedAct.of(
          ActKind.ACT_KIND_SNAPSHOT_DELETE,
          AdminGrpc.getDeleteSnapshotsMethod(),
          this::effectOf,
          this::carryOut);
  private final Act releaseHold =
      GuardedAct.of(
          ActKind.ACT_KIND_HOLD_RELEASE,
          AdminGrpc.getReleaseHoldMethod(),
          this::effectOf,
          this::carryOut);

  public RetentionActs(AdminRetention retention, Approvals approvals) {
    this.retention = retention;
    this.approvals = approvals;
  }

  /** All that may need a second person. */
  public List<Act> all() {
    return List.of(deleteSnapshots, releaseHold);
  }

  /** Errors of {@link AdminRetention#deleteSnapshots}, and APPROVAL_REQUIRED. */
  DeleteSnapshotsAnswer deleteSnapshots(DeleteSnapshotsRequest request, Actor actor)
      throws InterruptedException {
    DeleteSnapshotsRequest exact = retention.named(request);
    if (exact.getConfirmed()) {
      approvals.require(deleteSnapshots, exact, actor);
    }
    return retention.deleteSnapshots(exact, actor.name());
  }

  private String effectOf(DeleteSnapshotsRequest request) {
    return "delete " + retention.deletion(request);
  }

  private String carryOut(DeleteSnapshotsRequest request, String asker)
      throws InterruptedException {
    return retention.deleteSnapshots(request, asker).getSnapshotsCount() + " snapshots deleted";
  }

  /** Errors of {@link AdminRetention#releaseHold}, and APPROVAL_REQUIRED. */
  Hold releaseHold(ReleaseHoldRequest request, Actor actor) throws InterruptedException {
    ReleaseHoldRequest exact = retention.named(request);
    if (exact.getConfirmed()) {
      approvals.require(releaseHold, exact, actor);
    }
    return retention.releaseHold(exact, actor.name());
  }

  private String effectOf(ReleaseHoldRequest request) {
    return "release " + retention.hold(request);
  }

  private String carryOut(ReleaseHoldRequest request, String asker) throws InterruptedException {
    return "hold " + retention.releaseHold(request, asker).getName() + " released";
  }
}
