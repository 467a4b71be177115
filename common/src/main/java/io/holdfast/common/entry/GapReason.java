package io.holdfast.common.entry;

import java.util.Optional;

/** Reasons of a {@link Gap}. The numbers are stored and never reused. */
public enum GapReason {
  UNREADABLE(1),
  VANISHED(2),
  CHANGED_WHILE_READ(3),
  XATTRS_UNREADABLE(4),
  /** Over {@link Xattrs#MAX_BYTES} in all. */
  XATTRS_TOO_LARGE(5),
  NAME_TOO_LONG(6),
  UNSUPPORTED_TYPE(7),
  INPUT_OUTPUT_ERROR(8),
  /** Its content is missing from the snapshot. */
  DIRECTORY_UNREADABLE(9);

  private static final GapReason[] ALL = values();

  private final int number;

  GapReason(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  /** The reason stored as {@code number}, if this version knows one. */
  public static Optional<GapReason> find(int number) {
    return number >= 1 && number <= ALL.length ? Optional.of(ALL[number - 1]) : Optional.empty();
  }
}
