package io.holdfast.coordinator.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimetableTest {
  private static final ZoneId UTC = ZoneOffset.UTC;
  private static final Instant MONDAY = Instant.parse("2026-06-01T00:00:00Z");

  private static Timetable timetable(String cron, String spread, String... windows) {
    return new Timetable(
        Recurrence.parse(cron),
        UTC,
        new Windows(Stream.of(windows).map(Window::parse).toList()),
        Duration.parse(spread));
  }

  private static List<String> slots(Timetable timetable, int count) {
    List<String> out = new ArrayList<>();
    Slot slot = timetable.latest(MONDAY);
    for (int n = 0; n < count; n++) {
      slot = timetable.after(slot);
      out.add(
          LocalDateTime.ofInstant(slot.nominal(), UTC)
              + " at "
              + LocalDateTime.ofInstant(slot.opens(), UTC)
              + " room "
              + slot.room().toMinutes());
    }
    return out;
  }

  @Test
  void runsOutsideTheWindowShouldWaitForIt() {
    assertEquals(
        List.of(
            "2026-06-01T12:00 at 2026-06-01T22:00 room 30",
            "2026-06-02T12:00 at 2026-06-02T22:00 room 30"),
        slots(timetable("0 12 * * *", "PT30M", "22:00-06:00"), 2));
  }

  @Test
  void onlyTheLastOfThoseThatWaitShouldRun() {
    assertEquals(
        List.of(
            "2026-06-01T21:00 at 2026-06-01T21:30 room 30",
            "2026-06-01T22:00 at 2026-06-01T22:00 room 60",
            "2026-06-01T23:00 at 2026-06-01T23:00 room 15",
            "2026-06-02T21:00 at 2026-06-02T21:30 room 30"),
        slots(timetable("0 * * * *", "PT2H", "21:30-23:15"), 4));
    assertEquals(
        List.of(
            "2026-06-01T22:00 at 2026-06-01T22:00 room 10",
            "2026-06-02T22:00 at 2026-06-02T22:00 room 10"),
        slots(timetable("0 * * * *", "PT10M", "22:00-22:30"), 2));
  }

  @Test
  void minutelyRunsInAWeeklyWindowShouldBeFoundAtOnce() {
    assertEquals(
        List.of(
            "2026-06-06T10:00 at 2026-06-06T10:00 room 0",
            "2026-06-06T10:01 at 2026-06-06T10:01 room 0",
            "2026-06-13T10:00 at 2026-06-13T10:00 room 0"),
        slots(timetable("* * * * *", "PT0S", "sat 10:00-10:02"), 3));
  }

  @Test
  void spreadShouldStayBelowThePeriodAndInsideTheWindow() {
    assertEquals(
        List.of(
            "2026-06-01T03:00 at 2026-06-01T03:00 room 5",
            "2026-06-01T03:05 at 2026-06-01T03:05 room 60"),
        slots(timetable("0,5 3 * * *", "PT1H"), 2));
    assertEquals(
        List.of("2026-06-01T23:30 at 2026-06-01T23:30 room 30"),
        slots(timetable("30 23 * * *", "PT6H", "20:00-24:00"), 1));
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16})
  void slotsShouldBeThoseThatAPatientReaderFinds(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 25; round++) {
      Timetable timetable = random(random);
      List<Slot> expected = patiently(timetable, 21);
      String what = "seed " + seed + ", round " + round + ": " + timetable;
      Slot slot = timetable.latest(expected.getFirst().opens());
      for (Slot each : expected) {
        assertEquals(each, slot, what);
        slot = timetable.after(slot);
      }
      for (int i = 1; i < expected.size(); i++) {
        Slot each = expected.get(i - 1);
        long wait = Duration.between(each.opens(), expected.get(i).opens()).toSeconds();
        assertEquals(each, timetable.latest(each.opens().plusSeconds(random.nextLong(wait))), what);
        assertEquals(each, timetable.before(expected.get(i)), what);
        Instant end = each.start(-1);
        assertTrue(end.isBefore(expected.get(i).start(0)) || each.room().isZero(), what);
      }
    }
  }

  private static Timetable random(Random random) {
    String[] crons = {"0 * * * *", "*/7 * * * *", "15 3 * * *", "0 1,13 * * mon-wed", "@every 50m"};
    String[] windows = {
      "22:00-06:00", "sat-sun 00:00-24:00", "mon 03:10-03:20", "thu 12:00-12:01", "08:00-20:00"
    };
    List<String> chosen = new ArrayList<>();
    for (int n = random.nextInt(3); n > 0; n--) {
      chosen.add(windows[random.nextInt(windows.length)]);
    }
    return timetable(
        crons[random.nextInt(crons.length)],
        "PT" + random.nextInt(300) + "M",
        chosen.toArray(String[]::new));
  }

  /** In UTC, minute by minute, by the rules as they are told. */
  private static List<Slot> patiently(Timetable timetable, int days) {
    Instant end = MONDAY.plus(Duration.ofDays(days));
    List<Instant> nominal = new ArrayList<>();
    Instant at = timetable.recurrence().next(MONDAY, UTC);
    while (at.isBefore(end.plus(Duration.ofDays(9)))) {
      nominal.add(at);
      at = timetable.recurrence().next(at, UTC);
    }
    List<Slot> slots = new ArrayList<>();
    for (int i = 0; i + 1 < nominal.size() && nominal.get(i).isBefore(end); i++) {
      Instant opens = nominal.get(i);
      while (!isOpen(timetable.windows(), opens) && opens.isBefore(nominal.get(i + 1))) {
        opens = opens.plusSeconds(60);
      }
      if (opens.isBefore(nominal.get(i + 1))) {
        slots.add(new Slot(nominal.get(i), opens, room(timetable, opens, nominal.get(i + 1))));
      }
    }
    return slots;
  }

  private static Duration room(Timetable timetable, Instant opens, Instant nextNominal) {
    Instant end = opens;
    while (end.isBefore(nextNominal)
        && isOpen(timetable.windows(), end)
        && end.isBefore(opens.plus(timetable.spread()))) {
      end = end.plusSeconds(60);
    }
    return Duration.between(opens, end);
  }

  private static boolean isOpen(Windows windows, Instant time) {
    LocalDateTime local = LocalDateTime.ofInstant(time, UTC);
    int minute = local.getHour() * 60 + local.getMinute();
    return windows.isAlways()
        || windows.windows().stream()
            .anyMatch(window -> {
              boolean today = window.days().contains(local.getDayOfWeek());
              boolean yesterday = window.days().contains(local.getDayOfWeek().minus(1));
              boolean overnight = window.closes() <= window.opens();
              return (today && minute >= window.opens() && (overnight || minute < window.closes()))
                  || (yesterday && overnight && minute < window.closes());
            });
  }
}
