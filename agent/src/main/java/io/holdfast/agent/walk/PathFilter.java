package io.holdfast.agent.walk;

import io.holdfast.agent.posix.Names;
import java.util.ArrayList;
import java.util.List;

/**
 * What to leave out, in the syntax of gitignore(5), applied to absolute paths.
 *
 * <p>A pattern with a slash at its beginning or in its middle is anchored at {@code /}; any other
 * matches a name at every level. A trailing slash matches directories only, {@code **} any number
 * of components, {@code !} takes back in, {@code #} comments, {@code \} escapes. The last matching
 * pattern decides. What lies in a directory that is left out can't be taken back in, because the
 * walk never enters it. As in git, {@code ?} and a class match one byte.
 *
 * <p>Immutable, any thread.
 */
public final class PathFilter {
  private static final PathFilter NONE = new PathFilter(List.of());

  private final List<FilterRule> rules;

  private PathFilter(List<FilterRule> rules) {
    this.rules = List.copyOf(rules);
  }

  /** Leaves nothing out. */
  public static PathFilter none() {
    return NONE;
  }

  /** The filter of these lines, in order; blank lines and comments count for nothing. */
  public static PathFilter parse(List<String> lines) {
    List<FilterRule> rules = new ArrayList<>();
    for (String line : lines) {
      FilterRule.parse(Names.of(line)).ifPresent(rules::add);
    }
    return new PathFilter(rules);
  }

  public boolean isEmpty() {
    return rules.isEmpty();
  }

  /**
   * Whether to leave an entry out whose parents are all in.
   *
   * @param path without leading slash, in the first {@code length} bytes
   */
  public boolean excludes(byte[] path, int length, boolean directory) {
    for (int i = rules.size() - 1; i >= 0; i--) {
      FilterRule rule = rules.get(i);
      if (rule.matches(path, length, directory)) {
        return !rule.includes();
      }
    }
    return false;
  }
}
