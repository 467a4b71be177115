package io.holdfast.coordinator.journal;

import io.holdfast.common.id.RecordHash;
import io.holdfast.proto.stored.v1.RecordBody;

/** Reads one record of the journal again. Any thread. */
@FunctionalInterface
public interface RecordLookup {
  /** A record as it lies in its slot. */
  record Found(RecordBody body, RecordHash hash) {}

  /** JOURNAL_DAMAGED if the slot doesn't hold a record, VAULT_UNAVAILABLE if it can't be read. */
  Found get(long seq);
}
