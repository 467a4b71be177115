package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.CoordinatorId;
import io.holdfast.proto.stored.v1.RecordBody;
import java.nio.ByteBuffer;

/**
 * Who said something, and when: the record that says it, which its writer signed. Whoever doubts it
 * reads that record in its slot. Its row: seq (8), time (8), term (8), writer (16).
 *
 * @param seq slot of the record
 * @param timeMillis of the record, since 1970, by the writer's clock
 * @param term of the writer's leadership
 */
public record Statement(long seq, long timeMillis, long term, CoordinatorId writer) {
  static final int BYTES = 40;

  private static final int ID_BYTES = 16;

  static Statement of(RecordBody body) {
    return new Statement(
        body.getSeq(), body.getTimeMillis(), body.getTerm(), Fields.coordinator(body.getWriter()));
  }

  static Statement of(byte[] row) {
    return get(ByteBuffer.wrap(row));
  }

  /** Reads one that lies within a row. */
  static Statement get(ByteBuffer in) {
    long seq = in.getLong();
    long timeMillis = in.getLong();
    long term = in.getLong();
    byte[] writer = new byte[ID_BYTES];
    in.get(writer);
    return new Statement(seq, timeMillis, term, CoordinatorId.of(writer));
  }

  byte[] toRow() {
    return ByteBuffer.allocate(BYTES)
        .putLong(seq)
        .putLong(timeMillis)
        .putLong(term)
        .put(writer.toByteArray())
        .array();
  }
}
