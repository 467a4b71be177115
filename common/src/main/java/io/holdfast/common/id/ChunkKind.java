package io.holdfast.common.id;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;

/**
 * What a chunk holds. Each kind has its own id key, and the index key is (kind, id), so nothing of
 * one kind can pose as another. The numbers are stored and never reused.
 */
public enum ChunkKind {
  /** A content-defined piece of one file. */
  DATA(1),
  /** Several small pieces back to back: contents of small files, changed blocks. */
  BUNDLE(2),
  /** Keyed fingerprints of a large file's blocks. */
  BLOCK_MAP(3),
  /** A cut of a snapshot's entry list, or an index page or root above such cuts. */
  PAGE(4);

  private final int number;

  ChunkKind(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  /** The kind stored as {@code number}; MALFORMED if there is none. */
  public static ChunkKind of(int number) {
    return switch (number) {
      case 1 -> DATA;
      case 2 -> BUNDLE;
      case 3 -> BLOCK_MAP;
      case 4 -> PAGE;
      default ->
          throw new HoldfastException(
              ErrorCode.MALFORMED, "chunk kind " + number + " is unknown to this version");
    };
  }
}
