package io.holdfast.coordinator.schedule;

import java.util.List;
import java.util.Locale;

/**
 * One field of a cron expression: which of its numbers fit.
 *
 * @param bits bit n is set if n fits
 * @param star whether it was written with a star in front, which changes what it means beside
 *     another field
 */
record CronField(long bits, boolean star) {
  /** The five fields in their order. */
  enum Kind {
    MINUTE("minute", 0, 59, ""),
    HOUR("hour", 0, 23, ""),
    DAY_OF_MONTH("day of month", 1, 31, ""),
    MONTH("month", 1, 12, "jan feb mar apr may jun jul aug sep oct nov dec"),
    /** Sunday is 0 and 7. */
    DAY_OF_WEEK("day of week", 0, 7, "sun mon tue wed thu fri sat");

    private final String word;
    private final int min;
    private final int max;
    private final String names;

    Kind(String word, int min, int max, String names) {
      this.word = word;
      this.min = min;
      this.max = max;
      this.names = names;
    }

    /** In the order of the numbers, the least first. */
    private List<String> names() {
      return names.isEmpty() ? List.of() : List.of(names.split(" "));
    }
  }

  private record Range(int from, int to) {}

  /** Parses a list of {@code *}, numbers, names, ranges and ranges with a step. */
  static CronField parse(Kind kind, String text) {
    long bits = 0;
    for (String item : text.split(",", -1)) {
      bits |= item(kind, item);
    }
    if (kind == Kind.DAY_OF_WEEK && (bits & 1L << 7) != 0) {
      bits = (bits & ~(1L << 7)) | 1;
    }
    return new CronField(bits, text.startsWith("*"));
  }

  private static long item(Kind kind, String item) {
    int slash = item.indexOf('/');
    String whole = slash < 0 ? item : item.substring(0, slash);
    if (slash >= 0 && !whole.equals("*") && whole.indexOf('-') < 0) {
      throw invalid(
          kind, item, "a step needs a range, such as " + whole + "-" + kind.max + "/2 or */2");
    }
    Range range = range(kind, whole);
    int step = slash < 0 ? 1 : step(kind, item, item.substring(slash + 1));
    long bits = 0;
    for (int number = range.from(); number <= range.to(); number += step) {
      bits |= 1L << number;
    }
    return bits;
  }

  private static int step(Kind kind, String item, String text) {
    int step = digits(text);
    if (step < 1 || step > kind.max) {
      throw invalid(kind, item, "a step is a number from 1 to " + kind.max);
    }
    return step;
  }

  private static Range range(Kind kind, String text) {
    if (text.equals("*")) {
      return new Range(kind.min, kind == Kind.DAY_OF_WEEK ? 6 : kind.max);
    }
    int dash = text.indexOf('-');
    if (dash < 0) {
      int one = number(kind, text);
      return new Range(one, one);
    }
    int from = number(kind, text.substring(0, dash));
    int to = number(kind, text.substring(dash + 1));
    if (kind == Kind.DAY_OF_WEEK && to == 0 && from > 0) {
      to = 7;
    }
    if (from > to) {
      throw invalid(kind, text, "it runs backwards: write two ranges, with a comma");
    }
    return new Range(from, to);
  }

  private static int number(Kind kind, String text) {
    int named = kind.names().indexOf(text.toLowerCase(Locale.ROOT));
    int number = named >= 0 ? named + kind.min : digits(text);
    if (number < kind.min || number > kind.max) {
      String names = kind.names().isEmpty() ? "" : " or a name such as " + kind.names().getFirst();
      throw invalid(kind, text, "expected a number from " + kind.min + " to " + kind.max + names);
    }
    return number;
  }

  /** The number, or -1 for what isn't one of at most two digits. */
  private static int digits(String text) {
    boolean fits = !text.isEmpty() && text.length() <= 2;
    return fits && text.chars().allMatch(c -> c >= '0' && c <= '9') ? Integer.parseInt(text) : -1;
  }

  private static IllegalArgumentException invalid(Kind kind, String text, String why) {
    return new IllegalArgumentException(kind.word + " \"" + text + "\": " + why);
  }

  boolean fits(int number) {
    return (bits >>> number & 1) != 0;
  }

  /** The first number from {@code from} on that fits, or -1. */
  int nextFrom(int from) {
    long rest = bits >>> from;
    return rest == 0 ? -1 : from + Long.numberOfTrailingZeros(rest);
  }
}
