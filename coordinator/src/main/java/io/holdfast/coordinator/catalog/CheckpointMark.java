package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.Bytes32;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A checkpoint that the journal names. Its row: manifest hash (32), digest (32), recorded seq (8).
 *
 * @param seq the checkpoint holds the catalog as of this slot
 * @param manifestSha256 hash of its manifest object
 * @param digest of the catalog's content at that slot
 * @param recordedSeq slot of the record that names it
 */
public record CheckpointMark(long seq, Bytes32 manifestSha256, Bytes32 digest, long recordedSeq) {
  static CheckpointMark of(byte[] key, byte[] row) {
    ByteBuffer in = ByteBuffer.wrap(row);
    return new CheckpointMark(
        ByteBuffer.wrap(key).getLong(), Bytes32.get(in), Bytes32.get(in), in.getLong());
  }

  /** Seq of the older of the two newest, given all keys in order; 0 if there are fewer. */
  static long olderOfTwo(List<byte[]> keys) {
    return keys.size() < 2 ? 0 : ByteBuffer.wrap(keys.get(keys.size() - 2)).getLong();
  }

  byte[] toRow() {
    return ByteBuffer.allocate(72)
        .put(manifestSha256.toByteArray())
        .put(digest.toByteArray())
        .putLong(recordedSeq)
        .array();
  }
}
