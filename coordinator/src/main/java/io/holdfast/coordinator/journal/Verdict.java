package io.holdfast.coordinator.journal;

/** What one slot means, and how the journal stands after it. */
public sealed interface Verdict {
  /** The state with which the next slot is judged. */
  JournalState after();

  /** Why a sound record counts for nothing. */
  enum VoidReason {
    /** It doesn't name the last valid record and the voids after it. */
    CHAIN,
    /** A higher or equal term had started. */
    TERM,
    /** It belongs to an incarnation that a rollback ended, or to none. */
    INCARNATION,
    /** It belongs to another site epoch. */
    EPOCH
  }

  /** The record counts: apply it. */
  record Valid(JournalRecord record, JournalState after) implements Verdict {
    public long seq() {
      return record.seq();
    }

    public SlotHash slot() {
      return new SlotHash(record.seq(), record.hash());
    }

    public Authority authority() {
      return after.mustHead().authority();
    }
  }

  /** Rightly formed and signed, but outvoted: the next valid record names it and goes over it. */
  record Outvoted(SlotHash slot, VoidReason reason, JournalState after) implements Verdict {}

  /** From here on nothing can be told, until the slot is healed or a rollback stands above it. */
  record Damaged(Damage damage, JournalState after) implements Verdict {}

  /**
   * A rollback to a slot below the last valid one. Whether it counts is decided by the state at
   * that slot: judge the record again with {@link JournalState#jumpTo} of it; {@link
   * Replay#resolve} does.
   */
  record Rewind(JournalRecord record, JournalState after) implements Verdict {
    public long lastValidSeq() {
      return record.previous().seq();
    }
  }
}
