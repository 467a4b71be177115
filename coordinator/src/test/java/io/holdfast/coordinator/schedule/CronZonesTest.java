package io.holdfast.coordinator.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.Year;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@link Cron} against {@link CronOracle}, minute by minute. */
class CronZonesTest {
  private static Optional<Cron> parse(CronOracle oracle) {
    try {
      return Optional.of(Cron.parse(oracle.text()));
    } catch (IllegalArgumentException neverComes) {
      return Optional.empty(); // such as 31 of February: the oracle knows no refusal
    }
  }

  private static Instant year(int year) {
    return Year.of(year).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  private static List<Instant> fires(Recurrence cron, Instant from, Instant to, ZoneId zone) {
    List<Instant> fires = new ArrayList<>();
    for (Instant at = cron.next(from, zone); !at.isAfter(to); at = cron.next(at, zone)) {
      fires.add(at);
    }
    return fires;
  }

  /** Zones that differ in rules, by the first of their names. */
  private static Map<ZoneRules, ZoneId> zones() {
    Map<ZoneRules, ZoneId> zones = new HashMap<>();
    ZoneId.getAvailableZoneIds().stream()
        .sorted()
        .map(ZoneId::of)
        .forEach(zone -> zones.putIfAbsent(zone.getRules(), zone));
    return zones;
  }

  @Test
  void everyClockChangeOfEveryZoneFiresAsSeenOnTheWall() {
    long seed = 20_110_327;
    Random random = new Random(seed);
    int changes = 0;
    int fired = 0;
    for (Map.Entry<ZoneRules, ZoneId> zone : zones().entrySet()) {
      ZoneOffsetTransition change = zone.getKey().nextTransition(year(2008));
      while (change != null && change.getInstant().isBefore(year(2028))) {
        fired += checkAround(change.getInstant(), zone.getValue(), random, seed);
        change = zone.getKey().nextTransition(change.getInstant());
        changes++;
      }
    }
    assertTrue(changes > 5_000 && fired > 20_000, changes + " changes, " + fired + " instants");
  }

  /** How many instants there were to agree on. */
  private static int checkAround(Instant change, ZoneId zone, Random random, long seed) {
    Instant from = change.minus(4, ChronoUnit.HOURS).truncatedTo(ChronoUnit.MINUTES);
    Instant to = from.plus(9, ChronoUnit.HOURS);
    CronOracle oracle = CronOracle.randomTimes(random);
    Optional<Cron> cron = parse(oracle);
    if (cron.isEmpty()) {
      return 0;
    }
    List<Instant> expected = oracle.fires(from, to, zone);
    String what = zone + ", " + oracle.text() + " around " + change + ", seed " + seed;
    assertEquals(expected, fires(cron.get(), from, to, zone), what);
    return expected.size();
  }

  @ParameterizedTest
  @CsvSource({
    "Europe/Berlin, 2026",
    "America/New_York, 2024",
    "Australia/Lord_Howe, 2025",
    "Pacific/Apia, 2011",
    "America/St_Johns, 2006",
    "Antarctica/Troll, 2026",
    "Africa/Casablanca, 2023",
    "America/Sao_Paulo, 2018",
    "Asia/Tehran, 2022",
    "Africa/Cairo, 2014",
    "Asia/Kathmandu, 2024",
    "Antarctica/Casey, 2020",
  })
  void aWholeYearFiresAsSeenOnTheWall(ZoneId zone, int year) {
    long seed = zone.hashCode() * 31L + year;
    Random random = new Random(seed);
    for (int round = 0; round < 4; round++) {
      CronOracle oracle = CronOracle.random(random);
      Optional<Cron> cron = parse(oracle);
      if (cron.isPresent()) {
        List<Instant> expected = oracle.fires(year(year), year(year + 1), zone);
        String what = zone + ", " + oracle.text() + ", " + year;
        assertEquals(expected, fires(cron.get(), year(year), year(year + 1), zone), what);
        checkPrevious(cron.get(), expected, zone, random, what);
      }
    }
  }

  private static void checkPrevious(
      Cron cron, List<Instant> fires, ZoneId zone, Random random, String what) {
    for (int n = 0; n < 20 && fires.size() > 1; n++) {
      int index = random.nextInt(fires.size() - 1);
      Instant fire = fires.get(index);
      long gap = Duration.between(fire, fires.get(index + 1)).toSeconds();
      assertEquals(fire, cron.previous(fire, zone), what);
      assertEquals(fire, cron.previous(fire.plusSeconds(random.nextLong(gap)), zone), what);
    }
  }

  @Test
  void aDailyRunComesOnceOnEveryDayOfEveryZone() {
    Cron cron = Cron.parse("30 2 * * *");
    for (ZoneId zone : zones().values()) {
      List<Instant> fires = fires(cron, year(2009), year(2017), zone);
      int days = (int) Duration.between(year(2009), year(2017)).toDays();
      assertTrue(Math.abs(fires.size() - days) <= 1, zone + ": " + fires.size());
      for (int i = 1; i < fires.size(); i++) {
        Duration wait = Duration.between(fires.get(i - 1), fires.get(i));
        boolean aDay = wait.toMinutes() > 20 * 60 && wait.toMinutes() < 28 * 60;
        assertTrue(aDay || isSkippedDay(zone, fires.get(i)), zone + ": " + fires.get(i));
      }
    }
  }

  /** Samoa and Tokelau left 30 December 2011 out: its run comes as the 31st begins. */
  private static boolean isSkippedDay(ZoneId zone, Instant at) {
    ZoneOffsetTransition change = zone.getRules().previousTransition(at.plusSeconds(86_400));
    return change != null && change.getDuration().toHours() == 24;
  }
}
