package io.holdfast.common.unit;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes, never negative. */
public record DataSize(long bytes) implements Comparable<DataSize> {
  public static final DataSize ZERO = new DataSize(0);

  private static final Pattern FORM =
      Pattern.compile("(\\d{1,19}(?:\\.\\d{1,9})?)\\s*([a-zA-Z]{0,3})");
  private static final String BINARY_LETTERS = "KMGTPE";

  public DataSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("a size of " + bytes + " bytes");
    }
  }

  public static DataSize ofKibibytes(long kibibytes) {
    return new DataSize(Math.multiplyExact(kibibytes, 1L << 10));
  }

  public static DataSize ofMebibytes(long mebibytes) {
    return new DataSize(Math.multiplyExact(mebibytes, 1L << 20));
  }

  public static DataSize ofGibibytes(long gibibytes) {
    return new DataSize(Math.multiplyExact(gibibytes, 1L << 30));
  }

  /**
   * Parses a number and a unit: none or {@code B} for bytes; {@code KiB}, {@code MiB}, ... or the
   * bare letters {@code K}, {@code M}, ... for powers of 1024; {@code kB}, {@code MB}, ... for
   * powers of 1000. Letter case doesn't matter. INVALID_ARGUMENT for anything else, for a fraction
   * of a byte and for more than 8 EiB.
   */
  public static DataSize parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      throw invalid(text, "isn't a size");
    }
    long unit = unitBytes(form.group(2)).orElseThrow(() -> invalid(text, "has no unit of size"));
    try {
      return new DataSize(
          new BigDecimal(form.group(1)).multiply(BigDecimal.valueOf(unit)).longValueExact());
    } catch (ArithmeticException e) {
      throw invalid(text, "is no whole number of bytes below 8 EiB");
    }
  }

  private static Optional<Long> unitBytes(String unit) {
    String upper = unit.toUpperCase(Locale.ROOT);
    if (upper.isEmpty() || upper.equals("B")) {
      return Optional.of(1L);
    }
    int power = BINARY_LETTERS.indexOf(upper.charAt(0)) + 1;
    String rest = upper.substring(1);
    if (power == 0) {
      return Optional.empty();
    }
    return switch (rest) {
      case "", "IB" -> Optional.of(1L << (10 * power));
      case "B" -> Optional.of(BigDecimal.TEN.pow(3 * power).longValueExact());
      default -> Optional.empty();
    };
  }

  private static HoldfastException invalid(String text, String cause) {
    return new HoldfastException(
        ErrorCode.INVALID_ARGUMENT,
        "\""
            + text
            + "\" "
            + cause
            + ": write a number and a unit, such as 512 KiB, 64 MiB or 2 GiB");
  }

  /** The form that parses back to this value: the largest unit of 1024 that divides it. */
  public String exact() {
    if (bytes == 0) {
      return "0 B";
    }
    int power = Math.min(Long.numberOfTrailingZeros(bytes) / 10, BINARY_LETTERS.length());
    return power == 0 ? bytes + " B" : (bytes >> (10 * power)) + " " + unitName(power);
  }

  /** For people: three digits or so, such as {@code 3.2 GiB}, {@code 640 MiB} or {@code 17 B}. */
  @Override
  public String toString() {
    int power = 0;
    double value = bytes;
    while (value >= 999.5 && power < BINARY_LETTERS.length()) {
      value /= 1024;
      power++;
    }
    if (power == 0) {
      return bytes + " B";
    }
    String form = value < 9.95 ? "%.1f %s" : "%.0f %s";
    return String.format(Locale.ROOT, form, value, unitName(power));
  }

  private static String unitName(int power) {
    return BINARY_LETTERS.charAt(power - 1) + "iB";
  }

  @Override
  public int compareTo(DataSize other) {
    return Long.compare(bytes, other.bytes);
  }
}
