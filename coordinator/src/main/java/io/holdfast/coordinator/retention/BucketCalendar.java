package io.holdfast.coordinator.retention;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.time.zone.ZoneRules;

/**
 * Time in a policy's zone, cut into buckets. Days are days of the calendar there, so one of them
 * may have 23, 24 or 25 hours. An hour is named by its beginning as an instant and not by the
 * clock's face: the hour that daylight saving repeats is two buckets, as it is two hours.
 */
record BucketCalendar(ZoneId zone, ZoneRules rules) {
  private static final int HOUR_SECONDS = 3_600;
  private static final int DAY_SECONDS = 86_400;

  /** Day 0 of the epoch was a Thursday. */
  private static final int DAYS_TO_MONDAY = 3;

  private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mmxxx");
  private static final DateTimeFormatter MONTH = DateTimeFormatter.ofPattern("uuuu-MM");

  static BucketCalendar of(ZoneId zone) {
    return new BucketCalendar(zone, zone.getRules());
  }

  /** The bucket of {@code time}: later buckets have greater numbers. */
  long bucket(Period period, Instant time) {
    long local = time.getEpochSecond() + rules.getOffset(time).getTotalSeconds();
    long day = Math.floorDiv(local, DAY_SECONDS);
    return switch (period) {
      case LAST -> time.toEpochMilli();
      case HOURLY -> time.getEpochSecond() - Math.floorMod(local, HOUR_SECONDS);
      case DAILY -> day;
      case WEEKLY -> Math.floorDiv(day + DAYS_TO_MONDAY, 7);
      case MONTHLY -> LocalDate.ofEpochDay(day).getLong(ChronoField.PROLEPTIC_MONTH);
      case YEARLY -> LocalDate.ofEpochDay(day).getYear();
    };
  }

  /** What people call the bucket of {@code time}. */
  String name(Period period, Instant time) {
    LocalDate day = LocalDate.ofInstant(time, zone);
    return switch (period) {
      case LAST -> time.toString();
      case HOURLY -> HOUR.format(beginningOfHour(time));
      case DAILY -> day.toString();
      case WEEKLY ->
          "%d-W%02d"
              .formatted(
                  day.get(IsoFields.WEEK_BASED_YEAR), day.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
      case MONTHLY -> MONTH.format(day);
      case YEARLY -> Integer.toString(day.getYear());
    };
  }

  /** Formatted at the offset that {@code time} has, whatever was in force when the hour began. */
  private OffsetDateTime beginningOfHour(Instant time) {
    ZoneOffset offset = rules.getOffset(time);
    return Instant.ofEpochSecond(bucket(Period.HOURLY, time)).atOffset(offset);
  }
}
