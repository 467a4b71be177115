package io.holdfast.agent.walk;

import java.nio.charset.StandardCharsets;

/**
 * Matching of one component against a shell pattern: {@code *}, {@code ?}, classes with ranges,
 * negation and POSIX names (POSIX.1-2017, XCU 2.13.1), backslash escapes. On bytes. Time is at most
 * the product of both lengths, whatever the pattern.
 */
final class Glob {
  private static final int NO_CLASS = -1;

  private Glob() {}

  static boolean matches(byte[] pattern, byte[] text, int from, int to) {
    int p = 0;
    int t = from;
    int star = -1;
    int starText = from;
    while (t < to) {
      if (p < pattern.length && pattern[p] == '*') {
        star = p++;
        starText = t;
        continue;
      }
      int next = p < pattern.length ? step(pattern, p, text[t]) : NO_CLASS;
      if (next >= 0) {
        p = next;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++starText;
      } else {
        return false;
      }
    }
    while (p < pattern.length && pattern[p] == '*') {
      p++;
    }
    return p == pattern.length;
  }

  /** Index behind the pattern's element at {@code p} if that matches {@code b}, else negative. */
  private static int step(byte[] pattern, int p, byte b) {
    return switch (pattern[p]) {
      case '?' -> p + 1;
      case '[' -> stepClass(pattern, p, b);
      case '\\' -> p + 1 < pattern.length && pattern[p + 1] == b ? p + 2 : NO_CLASS;
      default -> pattern[p] == b ? p + 1 : NO_CLASS;
    };
  }

  /** A class that is never closed matches nothing, as in git. */
  private static int stepClass(byte[] pattern, int open, byte b) {
    int p = open + 1;
    boolean negated = p < pattern.length && (pattern[p] == '!' || pattern[p] == '^');
    p = negated ? p + 1 : p;
    boolean found = false;
    for (boolean first = true; p < pattern.length; first = false) {
      if (pattern[p] == ']' && !first) {
        return found != negated ? p + 1 : NO_CLASS;
      }
      int named = namedClassEnd(pattern, p);
      if (named > 0) {
        found |=
            isInNamedClass(
                new String(pattern, p + 2, named - p - 4, StandardCharsets.ISO_8859_1), b & 0xff);
        p = named;
        continue;
      }
      p = pattern[p] == '\\' && p + 1 < pattern.length ? p + 1 : p;
      int low = pattern[p++] & 0xff;
      int high = low;
      if (isRange(pattern, p)) {
        p = pattern[p + 1] == '\\' && p + 2 < pattern.length ? p + 2 : p + 1;
        high = pattern[p++] & 0xff;
      }
      found |= low <= (b & 0xff) && (b & 0xff) <= high;
    }
    return NO_CLASS;
  }

  private static boolean isRange(byte[] pattern, int p) {
    return p + 1 < pattern.length && pattern[p] == '-' && pattern[p + 1] != ']';
  }

  /** Index behind {@code [:name:]} at {@code p}, or -1 if there is none. */
  private static int namedClassEnd(byte[] pattern, int p) {
    if (p + 1 >= pattern.length || pattern[p] != '[' || pattern[p + 1] != ':') {
      return -1;
    }
    for (int i = p + 2; i + 1 < pattern.length; i++) {
      if (pattern[i] == ':' && pattern[i + 1] == ']') {
        return i + 2;
      }
    }
    return -1;
  }

  private static boolean isInNamedClass(String name, int b) {
    return switch (name) {
      case "alpha" -> isUpper(b) || isLower(b);
      case "digit" -> isDigit(b);
      case "alnum" -> isUpper(b) || isLower(b) || isDigit(b);
      case "upper" -> isUpper(b);
      case "lower" -> isLower(b);
      case "space" -> b == ' ' || (b >= '\t' && b <= '\r');
      case "blank" -> b == ' ' || b == '\t';
      case "punct" -> b > ' ' && b < 0x7f && !isUpper(b) && !isLower(b) && !isDigit(b);
      case "print" -> b >= ' ' && b < 0x7f;
      case "graph" -> b > ' ' && b < 0x7f;
      case "cntrl" -> b < ' ' || b == 0x7f;
      case "xdigit" -> isDigit(b) || (b >= 'a' && b <= 'f') || (b >= 'A' && b <= 'F');
      default -> false;
    };
  }

  private static boolean isUpper(int b) {
    return b >= 'A' && b <= 'Z';
  }

  private static boolean isLower(int b) {
    return b >= 'a' && b <= 'z';
  }

  private static boolean isDigit(int b) {
    return b >= '0' && b <= '9';
  }
}
