package io.holdfast.agent.postgres;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A position in a cluster's log, as the server writes it: {@code 16/B374D848}. */
public record Lsn(long bytes) implements Comparable<Lsn> {
  private static final Pattern FORM = Pattern.compile("([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})");

  /** INVALID_ARGUMENT for anything else. */
  public static Lsn parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "\"" + text + "\" is no position in a log: write it as the server does, 16/B374D848");
    }
    return new Lsn(Long.parseLong(form.group(1), 16) << 32 | Long.parseLong(form.group(2), 16));
  }

  /** Number of the segment that holds the byte at this position. */
  long segment(int segmentBytes) {
    return Long.divideUnsigned(bytes, segmentBytes);
  }

  /** Bytes of that segment before this position. */
  int withinSegment(int segmentBytes) {
    return (int) Long.remainderUnsigned(bytes, segmentBytes);
  }

  @Override
  public int compareTo(Lsn other) {
    return Long.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public String toString() {
    return "%X/%X".formatted(bytes >>> 32, bytes & 0xffff_ffffL);
  }
}
