package io.holdfast.coordinator.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FloodsTest {
  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

  private final Floods floods = new Floods();
  private long ids;

  @Test
  void shouldLetAFewPass() {
    day(0, Floods.FEW);
    day(40, Floods.FEW);
    assertEquals(Optional.empty(), floods.worst(Approval.NONE));
  }

  @Test
  void shouldNameTheWorstDay() {
    day(3, 60);
    day(9, 5_000);
    day(11, 70);
    assertFlood(9, 5_000, Floods.FEW);
  }

  /** A host that makes a hundred every day by itself is used to it, once that was approved. */
  @Test
  void shouldCallUsualWhatMostDaysHave() {
    for (int day = 0; day < 60; day++) {
      day(day, 100);
    }
    assertFlood(0, 100, Floods.FEW);
    assertEquals(Optional.empty(), floods.worst(new Approval(0, 100)));
    day(60, 400);
    assertEquals(Optional.empty(), floods.worst(new Approval(0, 100)));
    day(61, 401);
    assertEquals(
        Optional.of(new Brake.Flood(LocalDate.of(2026, 3, 3), 401, 400)),
        floods.worst(new Approval(0, 100)));
  }

  /** Each day four times the day before: it takes weeks until the median follows. */
  @Test
  void shouldSeeAFloodThatRisesSlowly() {
    for (int day = 0; day < 5; day++) {
      day(day, 40L << (2 * day));
    }
    assertFlood(4, 10_240, Floods.FEW);
  }

  @Test
  void shouldNotForgetAFloodWithTime() {
    day(0, 5_000);
    day(400, 1);
    assertFlood(0, 5_000, Floods.FEW);
  }

  @Test
  void shouldApproveAmounts() {
    day(0, 5_000);
    assertEquals(Optional.empty(), floods.worst(new Approval(0, 5_000)));
    day(1, 5_001);
    assertEquals(
        Optional.of(new Brake.Flood(LocalDate.of(2026, 1, 2), 5_001, 5_000)),
        floods.worst(new Approval(0, 5_000)));
  }

  @Test
  void shouldCountOnlyWhatIsUnscheduledMadeHereAndLive() {
    for (int i = 0; i < 1_000; i++) {
      floods.add(Taken.scheduled(ids++, FIRST).facts());
      floods.add(Taken.unscheduled(ids++, FIRST).imported(FIRST, false).facts());
      floods.add(
          Taken.unscheduled(ids++, FIRST)
              .with(new Life.Deleted(FIRST, Life.Cause.OPERATOR))
              .facts());
    }
    assertEquals(Optional.empty(), floods.worst(Approval.NONE));
  }

  private void assertFlood(int day, long snapshots, long limit) {
    assertEquals(
        Optional.of(new Brake.Flood(LocalDate.of(2026, 1, 1).plusDays(day), snapshots, limit)),
        floods.worst(Approval.NONE));
  }

  private void day(int day, long snapshots) {
    for (long i = 0; i < snapshots; i++) {
      Instant time = FIRST.plus(Duration.ofDays(day)).plusSeconds(i);
      floods.add(Taken.unscheduled(ids++, time).facts());
    }
  }
}
