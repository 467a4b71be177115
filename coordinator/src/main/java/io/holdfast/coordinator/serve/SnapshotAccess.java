package io.holdfast.coordinator.serve;

import io.holdfast.common.id.HostId;
import io.holdfast.proto.wire.v1.OpenRead;

/** Who may read what (I6). Any thread. */
@FunctionalInterface
public interface SnapshotAccess {
  /**
   * The snapshot as {@code reader} may read it: its own, or one that an unexpired grant names.
   * SNAPSHOT_NOT_FOUND (also for another host's), NOT_AUTHORISED for a grant that isn't good.
   */
  ReadableSnapshot open(HostId reader, OpenRead request);
}
