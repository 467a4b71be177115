package io.holdfast.coordinator.catalog;

import io.holdfast.proto.stored.v1.DeletionCause;
import java.nio.ByteBuffer;

/**
 * A deleted snapshot that can be had back: time of its deletion (8), until when (8), cause (1), and
 * the row it had while it was live.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record DeletedRow(Deletion deletion, byte[] liveRow) {
  static DeletedRow of(byte[] row) {
    ByteBuffer in = ByteBuffer.wrap(row);
    Deletion deletion = new Deletion(in.getLong(), in.getLong(), DeletionCause.forNumber(in.get()));
    byte[] live = new byte[in.remaining()];
    in.get(live);
    return new DeletedRow(deletion, live);
  }

  byte[] toRow() {
    return ByteBuffer.allocate(2 * Long.BYTES + 1 + liveRow.length)
        .putLong(deletion.timeMillis())
        .putLong(deletion.undoUntilMillis())
        .put((byte) deletion.cause().getNumber())
        .put(liveRow)
        .array();
  }

  Recorded recorded() {
    return Recorded.of(liveRow);
  }
}
