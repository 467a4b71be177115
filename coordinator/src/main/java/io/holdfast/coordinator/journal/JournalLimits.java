package io.holdfast.coordinator.journal;

import java.time.Duration;

/**
 * Every bound of the journal, by name. Those of the format are checked by whoever reads a record.
 */
final class JournalLimits {
  /** Format: bytes of a record's body. */
  static final int BODY_BYTES_MAX = 16 << 20;

  /** Format: mutations of one record. */
  static final int MUTATIONS_MAX = 65_536;

  /**
   * Format: void slots that one record names. More than this many mean that something is broken.
   */
  static final int VOIDS_MAX = 1_024;

  /** Format: bytes of a mutation that opens a term, a journal or an incarnation. */
  static final int OPENING_BYTES_MAX = 256 << 10;

  /** Format: certificates of one {@code TermStarted}. */
  static final int CERTIFICATES_MAX = 8;

  /** Format: how many terms back the signature of an outvoted record is still recognised. */
  static final int SIGNERS_REMEMBERED = 64;

  /** Slots below its first that a new leader reads once more before it leads. */
  static final int UNSETTLED_MAX = 256;

  /** Mutation bytes that a batch gathers; a single larger append makes a record of its own. */
  static final int BATCH_BYTES = 4 << 20;

  /** Mutation bytes of one append: leaves room in the body for the fields around them. */
  static final int APPEND_BYTES_MAX = 15 << 20;

  /** Mutations of one append. */
  static final int APPEND_MUTATIONS_MAX = 32_768;

  /** Appends that wait for a record; the next caller waits. */
  static final int QUEUE_APPENDS_MAX = 4_096;

  /** Mutation bytes that wait for a record; the next caller waits. */
  static final long QUEUE_BYTES_MAX = 64L << 20;

  /** First pause after an answer that told nothing; doubles up to {@link #BACK_OFF_MAX}. */
  static final Duration BACK_OFF_MIN = Duration.ofMillis(20);

  static final Duration BACK_OFF_MAX = Duration.ofSeconds(5);

  /** A leader that can't learn its record's fate for so long gives up leading. */
  static final Duration UNCERTAIN_MAX = Duration.ofSeconds(30);

  /** How far above damage a rollback is looked for. */
  static final long DAMAGED_SLOTS_READ_MAX = 1L << 20;

  private JournalLimits() {}
}
