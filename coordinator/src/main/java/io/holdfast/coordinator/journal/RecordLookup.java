package io.holdfast.coordinator.journal;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.RecordHash;
import io.holdfast.proto.stored.v1.RecordBody;

/** Reads one record of the journal again. Any thread. */
@FunctionalInterface
public interface RecordLookup {
  /** A record as it lies in its slot. */
  record Found(RecordBody body, RecordHash hash) {}

  /** Reads the records from their slots. */
  static RecordLookup of(JournalSlots slots) {
    return seq -> {
      byte[] bytes =
          slots
              .read(seq)
              .orElseThrow(() ->
                  new HoldfastException(
                      ErrorCode.JOURNAL_DAMAGED,
                      "journal slot " + seq + " is empty, and the catalog has applied it"));
      JournalRecord record = RecordCodec.parse(seq, ByteString.copyFrom(bytes));
      return new Found(record.body(), record.hash());
    };
  }

  /** JOURNAL_DAMAGED if the slot doesn't hold a record, VAULT_UNAVAILABLE if it can't be read. */
  Found get(long seq);
}
