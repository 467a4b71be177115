package io.holdfast.coordinator.catalog.rebuild;

import io.holdfast.common.id.RecordHash;
import io.holdfast.coordinator.catalog.AppliedRecord;
import java.util.Optional;

/** What a rebuild needs of the journal: the valid records, void ones left out. */
public interface JournalView {
  /** Hash of the valid record in slot {@code seq}; empty if there is none. */
  Optional<RecordHash> validHash(long seq);

  /** The valid records from slot {@code seq} on, in order, up to the head known when iterated. */
  Iterable<AppliedRecord> from(long seq);
}
