package io.holdfast.coordinator.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BucketCalendarTest {
  @Test
  void shouldNameBucketsAsPeopleDo() {
    BucketCalendar berlin = calendar("Europe/Berlin");
    Instant time = Instant.parse("2026-12-31T23:30:00Z");
    assertEquals("2026-12-31T23:30:00Z", berlin.name(Period.LAST, time));
    assertEquals("2027-01-01 00:00+01:00", berlin.name(Period.HOURLY, time));
    assertEquals("2027-01-01", berlin.name(Period.DAILY, time));
    assertEquals("2026-W53", berlin.name(Period.WEEKLY, time));
    assertEquals("2027-01", berlin.name(Period.MONTHLY, time));
    assertEquals("2027", berlin.name(Period.YEARLY, time));
  }

  @Test
  void shouldCountTheHoursOfDaysThatAreShortOrLong() {
    assertEquals(23, hoursOf("Europe/Berlin", "2026-03-29"));
    assertEquals(24, hoursOf("Europe/Berlin", "2026-03-30"));
    assertEquals(25, hoursOf("Europe/Berlin", "2026-10-25"));
  }

  /** Half an hour is skipped and repeated: hours there begin at half past by the clock before. */
  @Test
  void shouldCutHoursWhereHalfAnHourIsSkipped() {
    BucketCalendar island = calendar("Australia/Lord_Howe");
    Instant skipped = Instant.parse("2026-10-03T15:30:00Z");
    assertEquals("2026-10-04 01:00+10:30", island.name(Period.HOURLY, skipped.minusSeconds(1)));
    assertEquals("2026-10-04 02:00+11:00", island.name(Period.HOURLY, skipped));
    Instant repeated = Instant.parse("2026-04-04T15:00:00Z");
    assertEquals("2026-04-05 01:00+11:00", island.name(Period.HOURLY, repeated.minusSeconds(1)));
    assertEquals("2026-04-05 01:00+10:30", island.name(Period.HOURLY, repeated));
  }

  /** Samoa went from the 29th to the 31st of December 2011. */
  @Test
  void shouldKnowNoDayThatWasSkipped() {
    BucketCalendar samoa = calendar("Pacific/Apia");
    Instant last = Instant.parse("2011-12-30T09:59:59Z");
    assertEquals("2011-12-29", samoa.name(Period.DAILY, last));
    assertEquals("2011-12-31", samoa.name(Period.DAILY, last.plusSeconds(1)));
    assertEquals(
        2, samoa.bucket(Period.DAILY, last.plusSeconds(1)) - samoa.bucket(Period.DAILY, last));
  }

  @Test
  void shouldNumberLaterBucketsHigherAndNameThemApart() {
    for (String zone : Set.of("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu")) {
      BucketCalendar calendar = calendar(zone);
      for (Period period : Period.values()) {
        Instant time = Instant.parse("1969-10-01T00:10:00Z");
        Set<String> names = new HashSet<>();
        Set<Long> buckets = new HashSet<>();
        long before = Long.MIN_VALUE;
        for (int hour = 0; hour < 24 * 500; hour++) {
          long bucket = calendar.bucket(period, time);
          assertTrue(bucket >= before, () -> zone + " " + period);
          names.add(calendar.name(period, time));
          buckets.add(bucket);
          before = bucket;
          time = time.plus(Duration.ofHours(1));
        }
        assertEquals(buckets.size(), names.size(), zone + " " + period);
      }
    }
  }

  private static int hoursOf(String zone, String day) {
    BucketCalendar calendar = calendar(zone);
    Set<Long> hours = new HashSet<>();
    Instant noon = Instant.parse(day + "T10:00:00Z");
    for (int minutes = -24 * 60; minutes < 24 * 60; minutes += 10) {
      Instant time = noon.plus(Duration.ofMinutes(minutes));
      if (calendar.name(Period.DAILY, time).equals(day)) {
        hours.add(calendar.bucket(Period.HOURLY, time));
      }
    }
    return hours.size();
  }

  private static BucketCalendar calendar(String zone) {
    return BucketCalendar.of(ZoneId.of(zone));
  }
}
