package io.holdfast.coordinator.recovery;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * What people call a snapshot: its id or the beginning of that, {@code latest}, {@code
 * latest:HOST}, or {@code HOST@TIME}, the newest at that time. A host is its name, its id or the
 * beginning of that.
 */
sealed interface SnapshotName {
  /** An id begins with it. */
  record IdPrefix(String digits) implements SnapshotName {}

  /**
   * The newest.
   *
   * @param host of any host if it is empty
   * @param throughMillis made then or before
   */
  record Newest(String host, long throughMillis) implements SnapshotName {}

  /** SNAPSHOT_NOT_FOUND if it is none of these, INVALID_ARGUMENT for a time that is none. */
  static SnapshotName parse(String text) {
    if (text.equals("latest")) {
      return new Newest("", Long.MAX_VALUE);
    }
    if (text.startsWith("latest:") && text.length() > "latest:".length()) {
      return new Newest(text.substring("latest:".length()), Long.MAX_VALUE);
    }
    int at = text.lastIndexOf('@');
    if (at > 0) {
      return new Newest(text.substring(0, at), time(text.substring(at + 1), text));
    }
    String digits = text.toLowerCase(Locale.ROOT);
    if (!digits.matches("[0-9a-f]{1,64}")) {
      throw invalid(ErrorCode.SNAPSHOT_NOT_FOUND, text);
    }
    return new IdPrefix(digits);
  }

  private static long time(String time, String whole) {
    OptionalLong millis = instant(time);
    return millis.orElseGet(() -> dayEnd(time, whole));
  }

  private static OptionalLong instant(String time) {
    try {
      return OptionalLong.of(Instant.parse(time).toEpochMilli());
    } catch (DateTimeException e) {
      return OptionalLong.empty();
    }
  }

  private static long dayEnd(String day, String whole) {
    try {
      Instant next = LocalDate.parse(day).plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);
      return next.toEpochMilli() - 1;
    } catch (DateTimeException e) {
      throw invalid(ErrorCode.INVALID_ARGUMENT, whole);
    }
  }

  private static HoldfastException invalid(ErrorCode code, String text) {
    return new HoldfastException(
        code,
        "'"
            + text
            + "' names no snapshot: give its id or the beginning of it, latest, latest:HOST, or"
            + " HOST@TIME with a time such as 2026-03-01T12:00:00Z or a day such as 2026-03-01");
  }
}
