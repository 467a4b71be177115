package io.holdfast.agent.walk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One line of a {@link PathFilter}: components to match, from the top or at any level. */
final class FilterRule {
  private static final byte[] ANY_DEPTH = {'*', '*'};

  private final List<byte[]> components;
  private final boolean anyLevel;
  private final boolean directoriesOnly;
  private final boolean includes;

  private FilterRule(
      List<byte[]> components, boolean anyLevel, boolean directoriesOnly, boolean includes) {
    this.components = components;
    this.anyLevel = anyLevel;
    this.directoriesOnly = directoriesOnly;
    this.includes = includes;
  }

  /** The rule of a line; empty for a blank line or a comment. */
  static Optional<FilterRule> parse(byte[] line) {
    int to = endWithoutBlanks(line);
    if (to == 0 || line[0] == '#') {
      return Optional.empty();
    }
    boolean includes = line[0] == '!';
    int from = includes ? 1 : 0;
    boolean directoriesOnly = to > from && line[to - 1] == '/';
    int end = directoriesOnly ? to - 1 : to;
    List<byte[]> components = split(line, from, end);
    if (components.isEmpty()) {
      return Optional.empty();
    }
    boolean anyLevel = indexOfSlash(line, from, end) < 0;
    return Optional.of(new FilterRule(components, anyLevel, directoriesOnly, includes));
  }

  /** Trailing blanks don't count unless escaped. */
  private static int endWithoutBlanks(byte[] line) {
    int to = line.length;
    while (to > 0 && (line[to - 1] == ' ' || line[to - 1] == '\r' || line[to - 1] == '\n')) {
      if (to > 1 && line[to - 2] == '\\') {
        break;
      }
      to--;
    }
    return to;
  }

  private static int indexOfSlash(byte[] line, int from, int to) {
    for (int i = from; i < to; i++) {
      if (line[i] == '/') {
        return i;
      }
    }
    return -1;
  }

  private static List<byte[]> split(byte[] line, int from, int to) {
    List<byte[]> out = new ArrayList<>();
    int start = from;
    while (start <= to) {
      int slash = indexOfSlash(line, start, to);
      int end = slash < 0 ? to : slash;
      if (end > start) {
        out.add(Arrays.copyOfRange(line, start, end));
      }
      start = end + 1;
    }
    return out;
  }

  boolean includes() {
    return includes;
  }

  boolean matches(byte[] path, int length, boolean directory) {
    if (directoriesOnly && !directory) {
      return false;
    }
    if (anyLevel) {
      return matchesName(path, length);
    }
    return matchesPath(path, length);
  }

  private boolean matchesName(byte[] path, int length) {
    int start = length;
    while (start > 0 && path[start - 1] != '/') {
      start--;
    }
    return Glob.matches(components.getFirst(), path, start, length);
  }

  /**
   * Components against components. When one fails, only the latest {@code **} needs to be tried
   * again one component further: what an earlier one could take, the latest can take as well.
   */
  private boolean matchesPath(byte[] path, int length) {
    int rule = 0;
    int at = 0;
    int retryRule = -1;
    int retryAt = 0;
    while (at < length) {
      int end = componentEnd(path, at, length);
      if (rule < components.size() && isAnyDepth(rule)) {
        retryRule = rule++;
        retryAt = at;
        if (rule == components.size()) {
          return true; // a/** is what is in a: at least this component
        }
      } else if (rule < components.size() && Glob.matches(components.get(rule), path, at, end)) {
        rule++;
        at = end + 1;
      } else if (retryRule >= 0) {
        retryAt = componentEnd(path, retryAt, length) + 1;
        at = retryAt;
        rule = retryRule + 1;
      } else {
        return false;
      }
    }
    return rule == components.size();
  }

  private boolean isAnyDepth(int rule) {
    return Arrays.equals(components.get(rule), ANY_DEPTH);
  }

  private static int componentEnd(byte[] path, int from, int length) {
    int end = from;
    while (end < length && path[end] != '/') {
      end++;
    }
    return end;
  }
}
