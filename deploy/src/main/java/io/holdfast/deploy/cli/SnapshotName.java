package io.holdfast.deploy.cli;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalUnit;
import java.util.regex.Pattern;

/**
 * How a person names a snapshot; the coordinator finds it. Times are turned into those of UTC here,
 * because listings show them in the person's own zone.
 */
final class SnapshotName {
  static final String DESCRIPTION =
      "Id or its beginning, latest, latest:HOST, or HOST@TIME: the newest at that time, written as"
          + " listings show it, or as RFC 3339. Logs of databases have only their ids.";

  private static final Pattern DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
  private static final Pattern MINUTE = Pattern.compile(DAY + "T[0-9]{2}:[0-9]{2}");
  private static final Pattern SECOND = Pattern.compile(MINUTE + ":[0-9]{2}");

  private SnapshotName() {}

  /** The name with its time, if it has one, in UTC; what a rounded time means ends with it. */
  static String inUtc(String name, ZoneId zone) {
    int at = name.lastIndexOf('@');
    if (at < 1) {
      return name;
    }
    return name.substring(0, at + 1) + time(name.substring(at + 1), zone);
  }

  private static Instant time(String text, ZoneId zone) {
    String iso = text.replace(' ', 'T');
    try {
      if (DAY.matcher(iso).matches()) {
        return endOf(LocalDate.parse(iso).atStartOfDay(), ChronoUnit.DAYS, zone);
      }
      if (MINUTE.matcher(iso).matches()) {
        return endOf(LocalDateTime.parse(iso), ChronoUnit.MINUTES, zone);
      }
      return SECOND.matcher(iso).matches()
          ? endOf(LocalDateTime.parse(iso), ChronoUnit.SECONDS, zone)
          : OffsetDateTime.parse(iso).toInstant();
    } catch (DateTimeParseException e) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "\""
              + text
              + "\" is no time: write a date such as 2026-03-01 (its end), a time of this machine's"
              + " zone such as '2026-03-01 06:00', or one with its offset such as"
              + " 2026-03-01T06:00:00Z",
          e);
    }
  }

  private static Instant endOf(LocalDateTime begin, TemporalUnit unit, ZoneId zone) {
    return begin.plus(1, unit).atZone(zone).toInstant().minusMillis(1);
  }
}
