package io.holdfast.common.yaml;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Which known key a mistyped one was meant to be. */
public final class NearestKey {
  private NearestKey() {}

  /** The known key of the fewest edits, if they are few for its length. */
  public static Optional<String> find(String mistyped, Collection<String> known) {
    return known.stream()
        .filter(key -> edits(mistyped, key) <= Math.max(1, key.length() / 3))
        .min(Comparator.comparingInt(key -> edits(mistyped, key)));
  }

  /** Insertions, deletions and replacements (Levenshtein 1965), two rows at a time. */
  private static int edits(String from, String to) {
    int[] above = new int[to.length() + 1];
    for (int column = 0; column <= to.length(); column++) {
      above[column] = column;
    }
    for (int row = 1; row <= from.length(); row++) {
      int[] current = new int[to.length() + 1];
      current[0] = row;
      for (int column = 1; column <= to.length(); column++) {
        int replaced = from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1;
        current[column] =
            Math.min(
                above[column - 1] + replaced, 1 + Math.min(above[column], current[column - 1]));
      }
      above = current;
    }
    return above[to.length()];
  }
}
