package io.holdfast.coordinator.journal;

import java.util.List;

/** Where the append of one record stands; see {@link AppendRules} for the table. Values. */
sealed interface AppendPhase {
  /** Nothing in flight: {@code state} is the head as this writer left it. */
  record Ready(JournalState state) implements AppendPhase {}

  /**
   * The draft is to be put into its slot.
   *
   * @param inDoubt an earlier attempt may have succeeded, or may still
   * @param tries attempts and readings that settled nothing so far
   */
  record Creating(JournalState state, Verdict.Valid draft, boolean inDoubt, int tries)
      implements AppendPhase {}

  /**
   * The slot is to be read, to see whose record it holds.
   *
   * @param durable the vault said that what the slot holds is durable
   */
  record Reading(JournalState state, Verdict.Valid draft, boolean durable, int tries)
      implements AppendPhase {}

  /**
   * The opening record stands; the slots below it that may not have been durable when they were
   * read are read once more, lowest first.
   */
  record Confirming(Verdict.Valid draft, List<SlotHash> left, int tries) implements AppendPhase {}

  /** The draft was read back from its slot: to be applied, then acknowledged. */
  record Won(Verdict.Valid draft) implements AppendPhase {}

  /** The draft certainly isn't in its slot and never will be: whoever waits is told so. */
  record Rejected(JournalState state, String cause) implements AppendPhase {}

  /** This writer will never write again. */
  record Stopped(StopReason reason, String cause) implements AppendPhase {}

  /** Why a writer stopped. */
  enum StopReason {
    /** Another record stands in the slot: somebody else leads. */
    OUTVOTED,
    /** A sync of the journal failed. */
    SYNC_FAILED,
    /** The fate of a record couldn't be learnt for too long. */
    UNCERTAIN,
    /** The vault is full and the term's first record found no room. */
    NO_ROOM,
    /** The leadership was given up, or the coordinator shuts down. */
    RESIGNED,
    /** A slot below the opening record is gone or changed since it was read. */
    LOST_BELOW,
    /** The catalog refused a record that is in the journal, or a draft was unfit. */
    BROKEN
  }
}
