package io.holdfast.coordinator.schedule;

import io.holdfast.coordinator.schedule.CronField.Kind;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Five fields or a nickname: minute, hour, day of month, month, day of week.
 *
 * <ol>
 *   <li>I1: a local time that exists once is one instant.
 *   <li>I2: local times that a clock change skips are one instant together, the first after the
 *       gap, however long it is.
 *   <li>I3: a local time that a clock change repeats is the earlier of its two instants; if the
 *       hours are written with a star, both are: a rhythm of every hour, or of every second one,
 *       means elapsed time, and leaving the repeated hour out would tear a hole into it.
 *   <li>I4: a day fits if both day fields do where one of them begins with a star, and if either
 *       does where none begins so.
 *   <li>I5: some day fits: an expression of dates that never come isn't built.
 * </ol>
 */
public final class Cron implements Recurrence {
  private static final long MINUTE_NANOS = 60_000_000_000L;
  private static final Map<String, String> NICKNAMES =
      Map.of(
          "@hourly", "0 * * * *",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@weekly", "0 0 * * 0",
          "@monthly", "0 0 1 * *",
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *");

  private final String text;
  private final CronField minute;
  private final CronField hour;
  private final CronField dayOfMonth;
  private final CronField month;
  private final CronField dayOfWeek;

  private Cron(
      String text,
      CronField minute,
      CronField hour,
      CronField dayOfMonth,
      CronField month,
      CronField dayOfWeek) {
    this.text = text;
    this.minute = minute;
    this.hour = hour;
    this.dayOfMonth = dayOfMonth;
    this.month = month;
    this.dayOfWeek = dayOfWeek;
  }

  /** IllegalArgumentException says which field is wrong, and how. */
  public static Cron parse(String text) {
    String plain = text.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
    String[] words = fields(plain).split(" ", -1);
    if (words.length != Kind.values().length) {
      throw new IllegalArgumentException(
          "\""
              + text
              + "\" isn't a schedule: write five fields (minute, hour, day of month, month, day of"
              + " week), such as 0 2 * * *");
    }
    Cron cron =
        new Cron(
            plain,
            CronField.parse(Kind.MINUTE, words[0]),
            CronField.parse(Kind.HOUR, words[1]),
            CronField.parse(Kind.DAY_OF_MONTH, words[2]),
            CronField.parse(Kind.MONTH, words[3]),
            CronField.parse(Kind.DAY_OF_WEEK, words[4]));
    if (!cron.everComes()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" names dates that never come: no such day is in any of its months");
    }
    return cron;
  }

  private static String fields(String plain) {
    if (!plain.startsWith("@")) {
      return plain;
    }
    return Optional.ofNullable(NICKNAMES.get(plain))
        .orElseThrow(() ->
            new IllegalArgumentException(
                "\""
                    + plain
                    + "\" isn't a nickname: there are "
                    + String.join(", ", NICKNAMES.keySet().stream().sorted().toList())
                    + " and @every with a duration"));
  }

  /** Either day field suffices, or some month is long enough for a day of month. */
  private boolean everComes() {
    return eitherDayFits()
        || Arrays.stream(Month.values())
            .filter(each -> month.fits(each.getValue()))
            .anyMatch(each -> dayOfMonth.nextFrom(1) <= each.maxLength());
  }

  private boolean eitherDayFits() {
    return !dayOfMonth.star() && !dayOfWeek.star();
  }

  @Override
  public Instant next(Instant after, ZoneId zone) {
    ZoneRules rules = zone.getRules();
    Instant from = after.plusNanos(1);
    while (true) {
      ZoneOffsetTransition end = rules.nextTransition(from);
      Optional<Instant> found = beforeTransition(from, end, rules);
      if (found.isPresent()) {
        return found.get();
      }
      if (end.isGap() && fitsIn(end.getDateTimeBefore(), end.getDateTimeAfter())) {
        return end.getInstant();
      }
      from = end.getInstant();
    }
  }

  /** The first instant from {@code from} to {@code end}, between which the clock isn't changed. */
  private Optional<Instant> beforeTransition(
      Instant from, ZoneOffsetTransition end, ZoneRules rules) {
    ZoneOffset offset = rules.getOffset(from);
    LocalDateTime local = firstFrom(LocalDateTime.ofInstant(from, offset));
    while (isRepeated(local, offset, rules)) {
      local = firstFrom(rules.getTransition(local).getDateTimeBefore());
    }
    Instant found = local.toInstant(offset);
    return end == null || found.isBefore(end.getInstant()) ? Optional.of(found) : Optional.empty();
  }

  /** Whether {@code local} was there an hour ago too, and that was the time for it. */
  private boolean isRepeated(LocalDateTime local, ZoneOffset offset, ZoneRules rules) {
    List<ZoneOffset> offsets = rules.getValidOffsets(local);
    return !hour.star() && offsets.size() == 2 && offset.equals(offsets.get(1));
  }

  private boolean fitsIn(LocalDateTime from, LocalDateTime to) {
    return firstFrom(from).isBefore(to);
  }

  /** The first local time from {@code from} on that fits, as if no clock were ever changed. */
  private LocalDateTime firstFrom(LocalDateTime from) {
    LocalDate day = from.toLocalDate();
    int start = (int) ((from.toLocalTime().toNanoOfDay() + MINUTE_NANOS - 1) / MINUTE_NANOS);
    int minuteOfDay = fits(day) ? firstMinuteFrom(start) : -1;
    while (minuteOfDay < 0) {
      day = nextDay(day);
      minuteOfDay = fits(day) ? firstMinuteFrom(0) : -1;
    }
    return day.atTime(LocalTime.ofSecondOfDay(minuteOfDay * 60L));
  }

  private LocalDate nextDay(LocalDate day) {
    LocalDate next = day.plusDays(1);
    while (!month.fits(next.getMonthValue())) {
      next = next.withDayOfMonth(1).plusMonths(1);
    }
    return next;
  }

  private boolean fits(LocalDate day) {
    boolean monthDay = dayOfMonth.fits(day.getDayOfMonth());
    boolean weekDay = dayOfWeek.fits(day.getDayOfWeek().getValue() % 7);
    return month.fits(day.getMonthValue())
        && (eitherDayFits() ? monthDay || weekDay : monthDay && weekDay);
  }

  /** The first minute of a day from {@code from} on that fits, or -1. */
  private int firstMinuteFrom(int from) {
    int hourFrom = from / 60;
    int inHour = hour.fits(hourFrom) ? minute.nextFrom(from % 60) : -1;
    if (inHour >= 0) {
      return hourFrom * 60 + inHour;
    }
    int later = hour.nextFrom(hourFrom + 1);
    return later < 0 ? -1 : later * 60 + minute.nextFrom(0);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Cron cron && cron.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** As it was written, in small letters and with single spaces. */
  @Override
  public String toString() {
    return text;
  }
}
