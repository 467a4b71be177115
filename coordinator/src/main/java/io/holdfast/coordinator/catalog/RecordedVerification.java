package io.holdfast.coordinator.catalog;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.proto.stored.v1.VerificationEnded;
import java.nio.ByteBuffer;

/** A verification of everything, and by whose word. Its row: {@link Statement}, the change. */
public record RecordedVerification(Statement statement, VerificationEnded ended) {
  static RecordedVerification of(byte[] row) {
    ByteBuffer in = ByteBuffer.wrap(row);
    Statement statement = Statement.get(in);
    try {
      return new RecordedVerification(
          statement, VerificationEnded.parseFrom(ByteString.copyFrom(in)));
    } catch (InvalidProtocolBufferException e) {
      throw new HoldfastException(
          ErrorCode.CATALOG_DAMAGED,
          "the catalog's copy of the verification of slot "
              + statement.seq()
              + " doesn't parse; rebuild the catalog",
          e);
    }
  }

  byte[] toRow() {
    return Keys.join(statement.toRow(), ended.toByteArray());
  }
}
