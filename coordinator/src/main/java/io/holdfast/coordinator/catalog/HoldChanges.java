package io.holdfast.coordinator.catalog;

import com.google.protobuf.ByteString;
import io.holdfast.proto.stored.v1.HoldReleased;
import io.holdfast.proto.stored.v1.HoldSet;
import io.holdfast.proto.stored.v1.Mutation;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;

/** Effects of holds. A hold may name snapshots that aren't here, and keeps them when they come. */
final class HoldChanges {
  static final int ID_BYTES = 16;

  private HoldChanges() {}

  static void set(HoldSet change, Mutation mutation, Effects effects) {
    byte[] hold = Fields.bytes16(change.getHold(), "hold id");
    if (change.getSnapshotsCount() > DeletionChanges.SNAPSHOTS_MAX
        || effects.has(Families.HOLDS, hold)) {
      effects.ignore();
      return;
    }
    effects.put(Families.HOLDS, hold, effects.recorded(mutation));
    for (ByteString snapshot : new LinkedHashSet<>(change.getSnapshotsList())) {
      byte[] id = Fields.snapshot(snapshot).toByteArray();
      byte[] others = effects.get(Families.HELD_SNAPSHOTS, id).orElse(new byte[0]);
      effects.put(Families.HELD_SNAPSHOTS, id, Keys.join(others, hold));
    }
  }

  static void release(HoldReleased change, Effects effects) {
    byte[] hold = Fields.bytes16(change.getHold(), "hold id");
    Optional<byte[]> row = effects.get(Families.HOLDS, hold);
    if (row.isEmpty()) {
      effects.ignore();
      return;
    }
    effects.delete(Families.HOLDS, hold);
    HoldSet set = Recorded.of(row.get()).change().getHoldSet();
    for (ByteString snapshot : new LinkedHashSet<>(set.getSnapshotsList())) {
      free(Fields.snapshot(snapshot).toByteArray(), hold, effects);
    }
  }

  private static void free(byte[] snapshot, byte[] hold, Effects effects) {
    byte[] holds = effects.get(Families.HELD_SNAPSHOTS, snapshot).orElse(new byte[0]);
    byte[] others = new byte[0];
    for (int at = 0; at < holds.length; at += ID_BYTES) {
      byte[] each = Arrays.copyOfRange(holds, at, at + ID_BYTES);
      others = Arrays.equals(each, hold) ? others : Keys.join(others, each);
    }
    if (others.length == 0) {
      effects.delete(Families.HELD_SNAPSHOTS, snapshot);
    } else {
      effects.put(Families.HELD_SNAPSHOTS, snapshot, others);
    }
  }
}
