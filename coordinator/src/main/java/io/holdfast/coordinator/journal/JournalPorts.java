package io.holdfast.coordinator.journal;

import com.google.protobuf.ByteString;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;

/** What the journal of one replica stands on. */
public record JournalPorts(
    JournalSlots slots,
    RecordSigner signer,
    RecordVerifier verifier,
    RecordConsumer consumer,
    Time time,
    Randomness randomness) {
  private static final int TOKEN_BYTES = 16;

  /** The same with another key of the same coordinator, or a newer certificate of it. */
  public JournalPorts signedBy(RecordSigner renewed) {
    return new JournalPorts(slots, renewed, verifier, consumer, time, randomness);
  }

  RecordDrafter drafter() {
    return new RecordDrafter(
        signer, new Replay(verifier), time, ByteString.copyFrom(randomness.bytes(TOKEN_BYTES)));
  }
}
