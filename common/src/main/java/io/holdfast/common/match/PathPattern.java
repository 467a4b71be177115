package io.holdfast.common.match;

import io.holdfast.common.entry.EntryPath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A glob over paths. {@code *} takes any run of characters inside a component, {@code ?} one
 * character, {@code [a-z]} and {@code [!a-z]} one of a set or one outside it, {@code \} makes the
 * next character ordinary, and {@code **} as a whole component takes any number of components, none
 * included.
 *
 * <p>A pattern without a slash is about names: {@code *.conf} matches at any depth. One with a
 * slash is about whole paths from the top: {@code etc/*.conf}, {@code /etc/*.conf}. Case counts. A
 * byte that isn't UTF-8 is one character, which only wildcards take.
 */
public final class PathPattern {
  public static final int MAX_LENGTH = 4_096;

  /** Stands for {@code **} among the components. */
  private static final NamePattern ANY_DEPTH = NamePattern.parse(new int[] {'*'}, "**");

  private static final int[] DOT = {'.'};
  private static final int[] DOT_DOT = {'.', '.'};

  private final String text;
  private final List<NamePattern> components;

  private PathPattern(String text, List<NamePattern> components) {
    this.text = text;
    this.components = List.copyOf(components);
  }

  /** Parses a pattern; INVALID_ARGUMENT says what is wrong with it. */
  public static PathPattern parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw NamePattern.invalid(
          text.substring(0, 64) + "...", "it is longer than 4,096 characters");
    }
    List<NamePattern> components = new ArrayList<>();
    int[] points = text.codePoints().toArray();
    if (!contains(points, '/')) {
      components.add(ANY_DEPTH);
    }
    int from = 0;
    while (from <= points.length) {
      int to = componentEnd(points, from);
      addComponent(components, Arrays.copyOfRange(points, from, to), text);
      from = to + 1;
    }
    if (text.isEmpty() || components.isEmpty()) {
      throw NamePattern.invalid(text, "it is empty");
    }
    return new PathPattern(text, components);
  }

  private static boolean contains(int[] points, int point) {
    return Arrays.stream(points).anyMatch(each -> each == point);
  }

  private static int componentEnd(int[] points, int from) {
    int at = from;
    while (at < points.length && points[at] != '/') {
      at++;
    }
    return at;
  }

  private static void addComponent(List<NamePattern> components, int[] name, String whole) {
    if (name.length == 0) {
      return;
    }
    if (Arrays.equals(name, new int[] {'*', '*'})) {
      if (components.isEmpty() || components.getLast() != ANY_DEPTH) {
        components.add(ANY_DEPTH);
      }
    } else {
      NamePattern pattern = NamePattern.parse(name, whole);
      pattern.literal().ifPresent(literal -> checkName(literal, whole));
      components.add(pattern);
    }
  }

  private static void checkName(int[] name, String whole) {
    if (contains(name, 0) || Arrays.equals(name, DOT) || Arrays.equals(name, DOT_DOT)) {
      throw NamePattern.invalid(whole, "no path has a component '.', '..' or with a NUL");
    }
  }

  /** Whether the whole of {@code path} matches. */
  public boolean matches(EntryPath path) {
    int[] points = CodePoints.of(path.toByteArray());
    return matches(points);
  }

  /** As {@link NamePattern#matches}, with components for characters and {@code **} for the run. */
  private boolean matches(int[] points) {
    int component = 0;
    int from = 0;
    int depth = -1;
    int depthFrom = 0;
    while (from <= points.length) {
      int to = componentEnd(points, from);
      if (component < components.size() && components.get(component) == ANY_DEPTH) {
        depth = component++;
        depthFrom = from;
      } else if (component < components.size()
          && components.get(component).matches(points, from, to)) {
        component++;
        from = to + 1;
      } else if (depth >= 0) {
        component = depth + 1;
        depthFrom = componentEnd(points, depthFrom) + 1;
        from = depthFrom;
      } else {
        return false;
      }
    }
    return component == components.size()
        || (component == components.size() - 1 && components.getLast() == ANY_DEPTH);
  }

  /**
   * The lowest path that every match is or lies below, so that a search need not read the rest;
   * empty if a match may be anywhere.
   */
  public Optional<EntryPath> top() {
    StringBuilder top = new StringBuilder();
    for (NamePattern component : components) {
      Optional<int[]> literal = component == ANY_DEPTH ? Optional.empty() : component.literal();
      if (literal.isEmpty()) {
        break;
      }
      top.append(top.isEmpty() ? "" : "/");
      Arrays.stream(literal.get()).forEach(top::appendCodePoint);
    }
    return top.isEmpty()
        ? Optional.empty()
        : Optional.of(EntryPath.of(top.toString().getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public String toString() {
    return text;
  }
}
