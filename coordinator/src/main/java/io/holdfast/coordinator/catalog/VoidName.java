package io.holdfast.coordinator.catalog;

import java.nio.ByteBuffer;

/**
 * A name of a pack that no record may register any more. Its row: time (8) of the record that said
 * so, bytes of the object (8), 1 (1) once it is deleted, else 0.
 */
public record VoidName(long timeMillis, long sizeBytes, boolean isDeleted) {
  static VoidName of(byte[] row) {
    ByteBuffer in = ByteBuffer.wrap(row);
    return new VoidName(in.getLong(), in.getLong(), in.get() != 0);
  }

  byte[] toRow() {
    return ByteBuffer.allocate(2 * Long.BYTES + 1)
        .putLong(timeMillis)
        .putLong(sizeBytes)
        .put((byte) (isDeleted ? 1 : 0))
        .array();
  }
}
