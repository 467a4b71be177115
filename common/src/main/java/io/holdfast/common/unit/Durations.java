package io.holdfast.common.unit;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How durations are written: {@code 250ms}, {@code 90s}, {@code 1h30m}, {@code 7d}. */
public final class Durations {
  private static final Pattern PART = Pattern.compile("(\\d{1,18})\\s*(ms|s|m|h|d|w)\\s*");
  private static final long DAY_SECONDS = 86_400;

  private Durations() {}

  /**
   * Parses parts of a whole number and a unit each ({@code ms}, {@code s}, {@code m}, {@code h},
   * {@code d}, {@code w}), added up. INVALID_ARGUMENT for anything else: a bare number too, since
   * nothing says what it counts.
   */
  public static Duration parse(String text) {
    String stripped = text.strip();
    Matcher part = PART.matcher(stripped);
    Duration sum = Duration.ZERO;
    int end = 0;
    try {
      while (part.find() && part.start() == end) {
        sum = sum.plus(part(Long.parseLong(part.group(1)), part.group(2)));
        end = part.end();
      }
    } catch (ArithmeticException e) {
      throw invalid(text);
    }
    if (end == 0 || end != stripped.length()) {
      throw invalid(text);
    }
    return sum;
  }

  private static Duration part(long amount, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      case "d" -> Duration.ofDays(amount);
      default -> Duration.ofDays(Math.multiplyExact(amount, 7));
    };
  }

  private static HoldfastException invalid(String text) {
    return new HoldfastException(
        ErrorCode.INVALID_ARGUMENT,
        "\""
            + text
            + "\" isn't a duration: write numbers with units (ms, s, m, h, d, w), such as 90s,"
            + " 1h30m or 7d");
  }

  /** The form that {@link #parse} reads back, to the millisecond. */
  public static String exact(Duration duration) {
    StringBuilder out = new StringBuilder();
    append(out, duration.toDays(), "d");
    append(out, duration.toHoursPart(), "h");
    append(out, duration.toMinutesPart(), "m");
    append(out, duration.toSecondsPart(), "s");
    append(out, duration.toMillisPart(), "ms");
    return out.isEmpty() ? "0s" : out.toString();
  }

  private static void append(StringBuilder out, long amount, String unit) {
    if (amount != 0) {
      out.append(amount).append(unit);
    }
  }

  /** For people: the two largest units that matter, such as {@code 1m 05s} or {@code 3d 4h}. */
  public static String rounded(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < 10) {
      long tenths = duration.toMillis() / 100;
      return tenths / 10 + "." + tenths % 10 + "s";
    }
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3_600) {
      return seconds / 60 + "m " + twoDigits(seconds % 60) + "s";
    }
    if (seconds < DAY_SECONDS) {
      return seconds / 3_600 + "h " + twoDigits(seconds / 60 % 60) + "m";
    }
    return seconds / DAY_SECONDS + "d " + seconds / 3_600 % 24 + "h";
  }

  private static String twoDigits(long number) {
    return number < 10 ? "0" + number : Long.toString(number);
  }
}
