package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.SnapshotId;
import io.holdfast.proto.stored.v1.SnapshotCommitted;
import java.nio.ByteBuffer;

/**
 * Effects on what marks follow: roots in the order of their commits, those dropped since the older
 * of the two newest checkpoints, and when anything last came under a root.
 */
final class RootChanges {
  private static final byte[] ALL = {};

  private RootChanges() {}

  static void add(SnapshotCommitted change, Effects effects) {
    SnapshotId id = Fields.snapshot(change.getSnapshot());
    effects.put(Families.ROOT_ORDER, key(effects.seq(), id), value(change));
    edges(effects);
  }

  /** What a mark has followed isn't all of it from here on. */
  static void edges(Effects effects) {
    effects.put(Families.META, Keys.EDGES_CHANGED, Keys.seq(effects.seq()));
  }

  static void drop(Recorded recorded, Effects effects) {
    SnapshotCommitted committed = recorded.change().getSnapshotCommitted();
    SnapshotId id = Fields.snapshot(committed.getSnapshot());
    effects.delete(Families.ROOT_ORDER, key(recorded.seq(), id));
    effects.put(Families.DROPPED_ROOTS, key(effects.seq(), id), value(committed));
  }

  /** Forgets the dropped ones that the older of the two newest checkpoints doesn't hold. */
  static void trim(Effects effects) {
    long oldest = CheckpointMark.olderOfTwo(effects.keys(Families.CHECKPOINTS, ALL));
    for (byte[] key : effects.keys(Families.DROPPED_ROOTS, ALL)) {
      if (ByteBuffer.wrap(key).getLong() <= oldest) {
        effects.delete(Families.DROPPED_ROOTS, key);
      }
    }
  }

  private static byte[] key(long seq, SnapshotId id) {
    return Keys.join(Keys.seq(seq), id.toByteArray());
  }

  private static byte[] value(SnapshotCommitted committed) {
    return Keys.join(
        Fields.host(committed.getHost()).toByteArray(),
        Fields.bytes32(committed.getRoot(), "root").toByteArray());
  }
}
