package io.holdfast.coordinator.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  /** The next {@code count} instants after a local time, as people in the zone write them. */
  private static List<String> next(String cron, String zone, String after, int count) {
    ZoneId id = ZoneId.of(zone);
    Recurrence recurrence = Recurrence.parse(cron);
    Instant at = LocalDateTime.parse(after).atZone(id).toInstant();
    List<String> out = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      at = recurrence.next(at, id);
      out.add(OffsetDateTime.ofInstant(at, id).toString());
    }
    return out;
  }

  @Test
  void theHourThatBerlinSkipsShouldRunRightAfterTheGap() {
    assertEquals(
        List.of("2026-03-28T02:30+01:00", "2026-03-29T03:00+02:00", "2026-03-30T02:30+02:00"),
        next("30 2 * * *", "Europe/Berlin", "2026-03-27T12:00", 3));
  }

  @Test
  void theHourThatBerlinRepeatsShouldRunOnce() {
    assertEquals(
        List.of("2026-10-24T02:30+02:00", "2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00"),
        next("30 2 * * *", "Europe/Berlin", "2026-10-23T12:00", 3));
    assertEquals(
        List.of("2026-10-25T02:00+02:00", "2026-10-25T02:30+02:00", "2026-10-25T03:00+01:00"),
        next("*/30 2-3 * * *", "Europe/Berlin", "2026-10-25T01:00", 3));
  }

  @Test
  void everyHourShouldMeanEveryHourThatPasses() {
    assertEquals(
        List.of(
            "2026-10-25T01:30+02:00",
            "2026-10-25T02:30+02:00",
            "2026-10-25T02:30+01:00",
            "2026-10-25T03:30+01:00"),
        next("30 * * * *", "Europe/Berlin", "2026-10-25T01:00", 4));
  }

  @Test
  void severalSkippedTimesShouldRunOnceTogether() {
    assertEquals(
        List.of("2026-03-08T03:00-04:00", "2026-03-09T02:00-04:00"),
        next("*/15 2 * * *", "America/New_York", "2026-03-08T00:00", 2));
  }

  @Test
  void halfHourChangesOfLordHoweShouldKeepTheRules() {
    assertEquals(
        List.of("2026-10-04T02:30+11:00", "2026-10-05T02:15+11:00"),
        next("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00", 2));
    assertEquals(
        List.of("2026-04-05T01:45+11:00", "2026-04-06T01:45+10:30"),
        next("45 1 * * *", "Australia/Lord_Howe", "2026-04-04T12:00", 2));
  }

  @Test
  void aDayThatSamoaSkippedShouldRunAsTheNextOneBegins() {
    assertEquals(
        List.of(
            "2011-12-29T12:00-10:00",
            "2011-12-31T00:00+14:00",
            "2011-12-31T12:00+14:00",
            "2012-01-01T12:00+14:00"),
        next("0 12 * * *", "Pacific/Apia", "2011-12-29T00:00", 4));
    assertEquals(
        List.of("2011-12-31T00:00+14:00", "2012-01-06T09:00+14:00"),
        next("0 9 * * fri", "Pacific/Apia", "2011-12-24T00:00", 2));
  }

  @Test
  void leapDaysShouldComeEveryFourYearsButFor2100() {
    assertEquals(
        List.of("2088-02-29T06:00Z", "2092-02-29T06:00Z", "2096-02-29T06:00Z", "2104-02-29T06:00Z"),
        next("0 6 29 2 *", "UTC", "2085-01-01T00:00", 4));
    assertEquals(
        List.of("2032-02-29T00:00Z", "2060-02-29T00:00Z", "2088-02-29T00:00Z", "2128-02-29T00:00Z"),
        next("0 0 29 2 */7", "UTC", "2026-01-01T00:00", 4));
  }

  @Test
  void eitherDayFieldShouldSufficeUnlessOneBeginsWithAStar() {
    assertEquals(
        List.of("2026-06-12T00:00Z", "2026-06-13T00:00Z", "2026-06-19T00:00Z"),
        next("0 0 13 * fri", "UTC", "2026-06-06T00:00", 3));
    assertEquals(
        List.of("2026-06-05T00:00Z", "2026-06-19T00:00Z", "2026-07-03T00:00Z"),
        next("0 0 */2 * fri", "UTC", "2026-06-01T00:00", 3));
  }

  @Test
  void sundayShouldHaveTwoNumbersAndEndAWeek() {
    List<String> sunday = List.of("2026-06-07T00:00Z");
    for (String day : List.of("0", "7", "sun", "SUN")) {
      assertEquals(sunday, next("0 0 * * " + day, "UTC", "2026-06-01T00:00", 1), day);
    }
    List<String> weekend = List.of("2026-06-06T00:00Z", "2026-06-07T00:00Z", "2026-06-13T00:00Z");
    for (String days : List.of("6-7", "sat-sun", "6,0", "sat,sun")) {
      assertEquals(weekend, next("0 0 * * " + days, "UTC", "2026-06-01T00:00", 3), days);
    }
    assertEquals(
        List.of("2026-06-01T00:00Z", "2026-06-02T00:00Z"),
        next("0 0 * * sun-tue", "UTC", "2026-05-31T00:00", 2));
  }

  @ParameterizedTest
  @CsvSource({
    "@hourly, 2026-06-10T11:00Z",
    "@daily, 2026-06-11T00:00Z",
    "@midnight, 2026-06-11T00:00Z",
    "@weekly, 2026-06-14T00:00Z",
    "@monthly, 2026-07-01T00:00Z",
    "@yearly, 2027-01-01T00:00Z",
    "@annually, 2027-01-01T00:00Z",
    "@every 90m, 2026-06-10T12:00Z",
    "@every 1d, 2026-06-11T00:00Z",
    "0 12 10 jun *, 2026-06-10T12:00Z",
  })
  void nicknamesShouldMeanWhatTheySay(String text, String next) {
    assertEquals(List.of(next), next(text, "UTC", "2026-06-10T10:30", 1));
  }

  @Test
  void everyShouldCountElapsedTimeFromTheEpoch() {
    Recurrence every = Recurrence.parse("@every 36h");
    Instant one = every.next(Instant.parse("2026-10-24T00:00:00Z"), BERLIN);
    assertEquals(0, one.getEpochSecond() % (36 * 3_600));
    assertEquals(one.plusSeconds(36 * 3_600), every.next(one, BERLIN));
    assertEquals(one, every.previous(one, BERLIN));
    assertEquals(one, every.previous(one.plusSeconds(36 * 3_600 - 1), BERLIN));
    assertEquals(
        Instant.EPOCH.minusSeconds(36 * 3_600),
        every.previous(Instant.EPOCH.minusNanos(1), BERLIN));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0 0 30 2 *", "0 0 31 2,4,6,9,11 *", "0 0 31 feb */2"})
  void datesThatNeverComeShouldBeRefused(String text) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Cron.parse(text)).getMessage();
    assertTrue(message.contains("never come"), message);
  }

  @Test
  void daysOfTheWeekShouldMakeUpForADateThatNeverComes() {
    assertEquals(List.of("2026-02-02T00:00Z"), next("0 0 30 2 mon", "UTC", "2026-01-01T00:00", 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 2 * *|\"0 2 * *\" isn't a schedule: write five fields (minute, hour, day of month,"
            + " month, day of week), such as 0 2 * * *",
        "60 * * * *|minute \"60\": expected a number from 0 to 59",
        "* 24 * * *|hour \"24\": expected a number from 0 to 23",
        "* * 0 * *|day of month \"0\": expected a number from 1 to 31",
        "* * * juni *|month \"juni\": expected a number from 1 to 12 or a name such as jan",
        "* * * * 8|day of week \"8\": expected a number from 0 to 7 or a name such as sun",
        "10-5 * * * *|minute \"10-5\": it runs backwards: write two ranges, with a comma",
        "5/10 * * * *|minute \"5/10\": a step needs a range, such as 5-59/2 or */2",
        "*/0 * * * *|minute \"*/0\": a step is a number from 1 to 59",
        "1,,2 * * * *|minute \"\": expected a number from 0 to 59",
        "* * L * *|day of month \"l\": expected a number from 1 to 31",
        "-1 * * * *|minute \"\": expected a number from 0 to 59",
        "+1 * * * *|minute \"+1\": expected a number from 0 to 59",
        "@reboot|\"@reboot\" isn't a nickname: there are @annually, @daily, @hourly, @midnight,"
            + " @monthly, @weekly, @yearly and @every with a duration",
        "@every|\"@every\" has no period: write it so: @every 90m",
        "@every 30s|@every takes whole seconds, from 1m to 366d, not 30s",
      })
  void whatIsWrongShouldBeNamed(String text, String message) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> Recurrence.parse(text)).getMessage());
  }

  @Test
  void printedFormShouldParseBack() {
    for (String text : List.of("0 2 * * mon-fri", "@daily", "@every 1h30m", "*/5 1-3,7 1,15 * *")) {
      assertEquals(text, Recurrence.parse("  " + text.replace(" ", "   ") + " ").toString());
      assertEquals(Recurrence.parse(text), Recurrence.parse(Recurrence.parse(text).toString()));
    }
  }
}
