package io.holdfast.agent.tree;

import java.util.List;
import java.util.Map;

/**
 * What a restore made of its entries.
 *
 * @param written entries of each kind that stand in the target now
 * @param skipped entries that existed and were kept
 * @param unchanged files that existed with the same size and time, or content
 * @param differences the first ones, in the order found
 * @param counts of all differences, by reason
 */
public record TreeReport(
    Written written,
    long skipped,
    long unchanged,
    List<Difference> differences,
    Map<DifferenceReason, Long> counts) {

  /** Entries written, by kind. */
  public record Written(
      long directories, long files, long symlinks, long hardLinks, long specials) {}

  /** Number of entries that are missing. */
  public long missing() {
    return counts.entrySet().stream()
        .filter(count -> count.getKey().isMissing())
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Whether the target is all that the entries said. */
  public boolean isComplete() {
    return counts.isEmpty();
  }
}
