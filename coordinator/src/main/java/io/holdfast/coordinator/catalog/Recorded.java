package io.holdfast.coordinator.catalog;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Mutation;
import java.nio.ByteBuffer;

/**
 * A mutation kept as it came, with the slot and the time of its record: seq (8), time (8), length
 * of the clear part (4), clear part, sealed part. The exact clear bytes are kept because the sealed
 * part is bound to them.
 */
record Recorded(long seq, long timeMillis, Mutation mutation) {
  static Recorded of(byte[] row) {
    ByteBuffer in = ByteBuffer.wrap(row);
    long seq = in.getLong();
    long timeMillis = in.getLong();
    int clearLength = in.getInt();
    ByteString clear = ByteString.copyFrom(in.slice(in.position(), clearLength));
    ByteString sealed = ByteString.copyFrom(in.position(in.position() + clearLength));
    return new Recorded(
        seq, timeMillis, Mutation.newBuilder().setClear(clear).setSealed(sealed).build());
  }

  byte[] toRow() {
    ByteString clear = mutation.getClear();
    ByteString sealed = mutation.getSealed();
    ByteBuffer out = ByteBuffer.allocate(20 + clear.size() + sealed.size());
    out.putLong(seq).putLong(timeMillis).putInt(clear.size());
    clear.copyTo(out);
    sealed.copyTo(out);
    return out.array();
  }

  /** The clear part, which parsed when it was applied. */
  Change change() {
    try {
      return Fields.change(mutation.getClear());
    } catch (HoldfastException e) {
      throw new HoldfastException(
          ErrorCode.CATALOG_DAMAGED,
          "the catalog's copy of a mutation of slot " + seq + " doesn't parse; rebuild the catalog",
          e);
    }
  }
}
