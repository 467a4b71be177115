package io.holdfast.common.unit;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;

/** Bytes a second as a limit or a measurement; as a limit, 0 is none. */
public record DataRate(long bytesPerSecond) implements Comparable<DataRate> {
  public static final DataRate UNLIMITED = new DataRate(0);

  private static final String UNLIMITED_WORD = "unlimited";
  private static final String SUFFIX = "/s";

  public DataRate {
    if (bytesPerSecond < 0) {
      throw new IllegalArgumentException("a rate of " + bytesPerSecond + " bytes a second");
    }
  }

  /**
   * Parses a size followed by {@code /s}, or {@code unlimited}. INVALID_ARGUMENT otherwise, for 0
   * too: nothing says whether it means no limit or no transfer.
   */
  public static DataRate parse(String text) {
    String stripped = text.strip();
    if (stripped.equals(UNLIMITED_WORD)) {
      return UNLIMITED;
    }
    if (!stripped.endsWith(SUFFIX)) {
      throw invalid(text);
    }
    String size = stripped.substring(0, stripped.length() - SUFFIX.length());
    DataRate rate = new DataRate(DataSize.parse(size).bytes());
    if (rate.isUnlimited()) {
      throw invalid(text);
    }
    return rate;
  }

  private static HoldfastException invalid(String text) {
    return new HoldfastException(
        ErrorCode.INVALID_ARGUMENT,
        "\"" + text + "\" isn't a rate: write a size and /s, such as 20 MiB/s, or unlimited");
  }

  public boolean isUnlimited() {
    return bytesPerSecond == 0;
  }

  /** The form that parses back to this value. */
  public String exact() {
    return isUnlimited() ? UNLIMITED_WORD : new DataSize(bytesPerSecond).exact() + SUFFIX;
  }

  /** A measured rate for people, such as {@code 112 MiB/s}. */
  @Override
  public String toString() {
    return new DataSize(bytesPerSecond) + SUFFIX;
  }

  @Override
  public int compareTo(DataRate other) {
    return Long.compare(bytesPerSecond, other.bytesPerSecond);
  }
}
