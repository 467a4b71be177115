package io.holdfast.coordinator.catalog;

import io.holdfast.proto.stored.v1.ProofLevel;
import java.nio.ByteBuffer;

/**
 * How far all of a snapshot was found good, and by whose word. Its row: level (1), {@link
 * Statement}.
 *
 * @param statement the newest record of that level: a loss recorded later may have taken something
 *     the snapshot needs
 */
public record RecordedProof(ProofLevel level, Statement statement) {
  static RecordedProof of(byte[] row) {
    ByteBuffer in = ByteBuffer.wrap(row);
    return new RecordedProof(ProofLevel.forNumber(in.get()), Statement.get(in));
  }

  byte[] toRow() {
    return Keys.join(new byte[] {(byte) level.getNumber()}, statement.toRow());
  }
}
