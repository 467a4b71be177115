package io.holdfast.coordinator.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.common.unit.DataRate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RatePlanTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final DataRate SLOW = DataRate.parse("10MiB/s");
  private static final DataRate FAST = DataRate.parse("100MiB/s");

  private static final RatePlan PLAN =
      new RatePlan(
          List.of(
              new RatePlan.Limit(SLOW, Optional.of(Window.parse("mon-fri 08:00-18:00"))),
              new RatePlan.Limit(FAST, Optional.of(Window.parse("06:00-22:00")))));

  private static Instant at(String text) {
    return Instant.parse(text);
  }

  @Test
  void theFirstLimitInForceShouldCount() {
    assertEquals(SLOW, PLAN.at(at("2026-06-05T06:00:00Z"), BERLIN));
    assertEquals(FAST, PLAN.at(at("2026-06-05T05:59:59Z"), BERLIN));
    assertEquals(FAST, PLAN.at(at("2026-06-06T06:00:00Z"), BERLIN), "on a Saturday");
    assertEquals(DataRate.UNLIMITED, PLAN.at(at("2026-06-05T20:00:00Z"), BERLIN));
    assertEquals(DataRate.UNLIMITED, RatePlan.UNLIMITED.at(Instant.EPOCH, BERLIN));
  }

  @Test
  void aLimitWithoutTimesShouldHoldWhereNoOtherDoes() {
    RatePlan plan =
        new RatePlan(List.of(PLAN.limits().getFirst(), new RatePlan.Limit(FAST, Optional.empty())));
    assertEquals(SLOW, plan.at(at("2026-06-05T06:00:00Z"), BERLIN));
    assertEquals(FAST, plan.at(at("2026-06-05T20:00:00Z"), BERLIN));
  }

  @Test
  void everyChangeShouldBeToldBeforehand() {
    Instant time = at("2026-06-04T21:00:00Z");
    List<String> changes =
        List.of(
            "2026-06-05T04:00:00Z",
            "2026-06-05T06:00:00Z",
            "2026-06-05T16:00:00Z",
            "2026-06-05T20:00:00Z",
            "2026-06-06T04:00:00Z");
    for (String change : changes) {
      time = PLAN.nextChange(time, BERLIN).orElseThrow();
      assertEquals(at(change), time);
    }
    assertEquals(Optional.empty(), RatePlan.UNLIMITED.nextChange(time, BERLIN));
  }

  @Test
  void waitsShouldDoubleUpToTheLongest() {
    Retries retries = new Retries(5, Duration.ofMinutes(5), Duration.ofMinutes(30));
    List<Long> minutes =
        List.of(1, 2, 3, 4, 5).stream()
            .map(attempt -> retries.waitAfter(attempt, 0).toMinutes())
            .toList();
    assertEquals(List.of(5L, 10L, 20L, 30L, 30L), minutes);
    assertEquals(Duration.ofMillis(337_499), retries.waitAfter(1, -1), "an eighth more at most");
    assertEquals(true, retries.hasAfter(5));
    assertEquals(false, retries.hasAfter(6));
  }

  @Test
  void catchingUpShouldEndWhenItSays() {
    Instant start = at("2026-06-05T02:00:00Z");
    CatchUp catchUp = CatchUp.parse("12h");
    assertEquals(true, catchUp.allows(start, at("2026-06-05T14:00:00Z")));
    assertEquals(false, catchUp.allows(start, at("2026-06-05T14:00:00.001Z")));
    assertEquals(true, CatchUp.parse("always").allows(start, at("2027-01-01T00:00:00Z")));
    assertEquals("always", CatchUp.ALWAYS.toString());
    assertThrows(IllegalArgumentException.class, () -> CatchUp.parse("1m"));
  }
}
