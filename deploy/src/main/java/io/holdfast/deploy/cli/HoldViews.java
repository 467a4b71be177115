package io.holdfast.deploy.cli;

import io.holdfast.deploy.output.Fields;
import io.holdfast.proto.wire.v1.Hold;

/** Holds, as fields. */
final class HoldViews {
  private HoldViews() {}

  static Fields fields(Hold hold) {
    return new Fields()
        .text("hold", hold.getName())
        .id("hold_id", hold.getHold())
        .text("reason", hold.getReason())
        .text("actor", hold.getActor())
        .time("set", hold.getSetMillis())
        .count("count", hold.getSnapshotsCount())
        .ids("snapshots", hold.getSnapshotsList());
  }
}
