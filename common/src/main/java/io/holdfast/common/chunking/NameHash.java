package io.holdfast.common.chunking;

/**
 * The hash that pages are cut by: the gear hash of an entry's path, with the segment's offset added
 * for a continuation, spread by a product. Depends on the name alone, so that a changed file leaves
 * the page's bounds where they were.
 */
public final class NameHash {
  /** 2^64 divided by the golden ratio, odd: Knuth's multiplicative hashing (TAOCP 3, 6.4). */
  static final long SPREAD = 0x9E3779B97F4A7C15L;

  private NameHash() {}

  /** The name hash of a path; {@code segmentOffset} is 0 unless the entry is a continuation. */
  public static long of(byte[] path, int offset, int length, GearTable gear, long segmentOffset) {
    return (gear.hash(path, offset, length) + segmentOffset) * SPREAD;
  }
}
