package io.holdfast.coordinator.journal;

/** What the valid records are for: the catalog. Called by the one thread that owns the journal. */
public interface RecordConsumer {
  /**
   * Applies the next valid record, deterministically. {@code valid.after()} is the state to keep
   * with the effects, so that a restart goes on from there. Throws only if it can never apply it;
   * the caller then stops, and the record stays in the journal.
   */
  void apply(Verdict.Valid valid);

  /**
   * A rollback was accepted: forgets at least everything after slot {@code lastValidSeq} and
   * answers the state at which the consumer now stands, at that slot or below ({@link
   * JournalState#beforeGenesis} at worst). The records up to that slot follow by {@link #apply}.
   */
  JournalState rewind(long lastValidSeq);
}
