package io.holdfast.coordinator.retention;

/**
 * How many entries of a snapshot are gaps, of how many. Both are the host's word: they can take a
 * snapshot out of the count, never another one.
 */
public record Gaps(long count, long entries) {
  /** Of a complete snapshot. */
  public static final Gaps NONE = new Gaps(0, 0);

  public Gaps {
    if (count < 0 || entries < 0) {
      throw new IllegalArgumentException(count + " gaps of " + entries + " entries");
    }
  }

  boolean pass(int limit) {
    return count > limit;
  }
}
