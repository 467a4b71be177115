package io.holdfast.coordinator.journal;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;

/** Why the meaning of the journal can't be told from a slot on. {@code detail} is for people. */
public record Damage(long seq, Reason reason, String detail) {
  /** What is wrong with the slot. */
  public enum Reason {
    /** Nothing is there, and something above proves that something was. */
    MISSING,
    /** Empty, cut short, too large, or not a record at all. */
    UNREADABLE,
    /** A newer version of Holdfast wrote it. */
    NEWER_VERSION,
    /** A record of another repository, or of a fleet with another root. */
    FOREIGN,
    /** A record of another slot. */
    MISPLACED,
    /** Not signed by a key that this journal knows for its term. */
    SIGNATURE,
    /** The first record isn't a sound genesis. */
    GENESIS,
    /** Its time lies before its predecessor's: its writer broke a rule no race can explain. */
    TIME,
    /** More void records in a row than a record can name. */
    TOO_MANY_VOIDS,
    /** It may be sound, but a lower slot is damaged. */
    BEHIND_DAMAGE
  }

  /** JOURNAL_DAMAGED, or UNKNOWN_VERSION where an upgrade is the answer. */
  public HoldfastException toException() {
    if (reason == Reason.NEWER_VERSION) {
      return new HoldfastException(ErrorCode.UNKNOWN_VERSION, detail);
    }
    return new HoldfastException(
        ErrorCode.JOURNAL_DAMAGED,
        "journal slot "
            + seq
            + " is damaged: "
            + detail
            + "; nobody leads until the slot is healed from another copy or an operator accepts"
            + " a rollback");
  }
}
