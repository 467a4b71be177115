package io.holdfast.common.match;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A glob over one name, such as a component of a path or a host's name; the signs are those of
 * {@link PathPattern}.
 */
public final class NamePattern {
  /** What one place of the pattern takes. */
  private sealed interface Token {
    record Run() implements Token {}

    record Any() implements Token {}

    record Literal(int point) implements Token {}

    record OneOf(List<Range> ranges, boolean negated) implements Token {}
  }

  private record Range(int from, int to) {
    private boolean holds(int point) {
      return from <= point && point <= to;
    }
  }

  private final List<Token> tokens;

  private NamePattern(List<Token> tokens) {
    this.tokens = List.copyOf(tokens);
  }

  /** Parses a pattern; INVALID_ARGUMENT says what is wrong with it. */
  public static NamePattern parse(String text) {
    if (text.isEmpty()) {
      throw invalid(text, "it is empty");
    }
    return parse(text.codePoints().toArray(), text);
  }

  static NamePattern parse(int[] text, String whole) {
    List<Token> tokens = new ArrayList<>();
    int at = 0;
    while (at < text.length) {
      switch (text[at]) {
        case '*' -> at = parseRun(text, at, tokens);
        case '?' -> {
          tokens.add(new Token.Any());
          at++;
        }
        case '[' -> at = parseOneOf(text, at + 1, tokens, whole);
        case '\\' -> {
          tokens.add(new Token.Literal(escaped(text, at, whole)));
          at += 2;
        }
        default -> tokens.add(new Token.Literal(text[at++]));
      }
    }
    return new NamePattern(tokens);
  }

  private static int parseRun(int[] text, int from, List<Token> tokens) {
    tokens.add(new Token.Run());
    int at = from;
    while (at < text.length && text[at] == '*') {
      at++;
    }
    return at;
  }

  private static int parseOneOf(int[] text, int from, List<Token> tokens, String whole) {
    int at = from;
    boolean negated = at < text.length && (text[at] == '!' || text[at] == '^');
    at += negated ? 1 : 0;
    int first = at;
    List<Range> ranges = new ArrayList<>();
    while (at < text.length && (text[at] != ']' || at == first)) {
      int low = text[at] == '\\' ? escaped(text, at, whole) : text[at];
      at += text[at] == '\\' ? 2 : 1;
      int high = low;
      if (at + 1 < text.length && text[at] == '-' && text[at + 1] != ']') {
        at++;
        high = text[at] == '\\' ? escaped(text, at, whole) : text[at];
        at += text[at] == '\\' ? 2 : 1;
      }
      ranges.add(new Range(low, high));
    }
    if (at >= text.length) {
      throw invalid(whole, "a '[' isn't closed");
    }
    tokens.add(new Token.OneOf(List.copyOf(ranges), negated));
    return at + 1;
  }

  private static int escaped(int[] text, int backslash, String whole) {
    if (backslash + 1 == text.length) {
      throw invalid(whole, "nothing follows the last backslash");
    }
    return text[backslash + 1];
  }

  static HoldfastException invalid(String pattern, String cause) {
    return new HoldfastException(
        ErrorCode.INVALID_ARGUMENT, "pattern '" + pattern + "' can't be read: " + cause);
  }

  /** The one name that matches, if the pattern has no wildcard. */
  Optional<int[]> literal() {
    int[] points = new int[tokens.size()];
    for (int at = 0; at < points.length; at++) {
      if (!(tokens.get(at) instanceof Token.Literal(int point))) {
        return Optional.empty();
      }
      points[at] = point;
    }
    return Optional.of(points);
  }

  /** Whether the whole of {@code name} matches. */
  public boolean matches(String name) {
    int[] points = name.codePoints().toArray();
    return matches(points, 0, points.length);
  }

  /**
   * Whether the points from {@code from} to {@code to} match. Only the last {@code *} is ever tried
   * again: an earlier one could but take what a later one can as well.
   */
  boolean matches(int[] points, int from, int to) {
    int token = 0;
    int at = from;
    int run = -1;
    int runAt = from;
    while (at < to) {
      if (token < tokens.size() && tokens.get(token) instanceof Token.Run) {
        run = token++;
        runAt = at;
      } else if (token < tokens.size() && takes(tokens.get(token), points[at])) {
        token++;
        at++;
      } else if (run >= 0) {
        token = run + 1;
        at = ++runAt;
      } else {
        return false;
      }
    }
    while (token < tokens.size() && tokens.get(token) instanceof Token.Run) {
      token++;
    }
    return token == tokens.size();
  }

  private static boolean takes(Token token, int point) {
    return switch (token) {
      case Token.Any any -> true;
      case Token.Literal(int literal) -> literal == point;
      case Token.OneOf(List<Range> ranges, boolean negated) ->
          ranges.stream().anyMatch(range -> range.holds(point)) != negated;
      case Token.Run run -> throw new IllegalStateException("a run takes any number");
    };
  }
}
