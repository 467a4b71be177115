package io.holdfast.common.entry;

/**
 * What a stretch of a snapshot's list amounts to.
 *
 * @param entries paths; continuations aren't counted
 * @param files paths that are regular files
 * @param directories paths that are directories
 * @param logicalBytes sum of the files' sizes, each path counted
 * @param gaps entries with a gap, continuations included
 */
public record Totals(long entries, long files, long directories, long logicalBytes, long gaps) {
  public static final Totals ZERO = new Totals(0, 0, 0, 0, 0);

  public Totals {
    if ((entries | files | directories | logicalBytes | gaps) < 0) {
      throw new IllegalArgumentException("totals can't be negative or beyond 63 bits");
    }
  }

  /** The sum; {@link ArithmeticException} beyond 63 bits. */
  public Totals plus(Totals other) {
    return new Totals(
        Math.addExact(entries, other.entries),
        Math.addExact(files, other.files),
        Math.addExact(directories, other.directories),
        Math.addExact(logicalBytes, other.logicalBytes),
        Math.addExact(gaps, other.gaps));
  }
}
