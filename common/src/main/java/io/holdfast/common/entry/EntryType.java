package io.holdfast.common.entry;

import java.util.Optional;

/** What an entry stands for. The numbers are stored and never reused. */
public enum EntryType {
  FILE(1),
  DIRECTORY(2),
  SYMBOLIC_LINK(3),
  CHARACTER_DEVICE(4),
  BLOCK_DEVICE(5),
  FIFO(6),
  SOCKET(7),
  CONTINUATION(8);

  private static final EntryType[] ALL = values();

  private final int number;

  EntryType(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  /** The type stored as {@code number}, if this version knows one. */
  public static Optional<EntryType> find(int number) {
    return number >= 1 && number <= ALL.length ? Optional.of(ALL[number - 1]) : Optional.empty();
  }
}
