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

  RecordDrafter drafter() {
    return new RecordDrafter(
        signer, new Replay(verifier), time, ByteString.copyFrom(randomness.bytes(TOKEN_BYTES)));
  }
}
