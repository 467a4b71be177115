package io.holdfast.coordinator.retention.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.coordinator.retention.clock.ClockDoubt.Cause;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ClockWatchTest {
  private static final Instant START = Instant.parse("2026-11-29T10:00:00Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration YEARS = Duration.ofDays(3_652);
  private static final ClockLimits LIMITS = ClockLimits.USUAL;

  private final ClockWatch watch = new ClockWatch(LIMITS);
  private Instant wall = START;
  private Instant journal = START.minus(MINUTE);
  private long nanos = -5_000_000_000L;
  private ClockStanding standing = watch.confirm(watch.start(reading()));

  @Test
  void shouldTrustAClockThatRunsEvenly() {
    for (int day = 0; day < 1_000; day++) {
      pass(DAY, DAY);
      assertTrusted();
    }
    assertEquals(START.plus(DAY.multipliedBy(1_000)), standing.now());
  }

  @Test
  void shouldDoubtANewClockUntilItsProbationIsOver() {
    standing = watch.start(reading());
    assertDoubted(Cause.NEW);
    pass(LIMITS.probation().minus(MINUTE), LIMITS.probation().minus(MINUTE));
    assertDoubted(Cause.NEW);
    pass(MINUTE, MINUTE);
    assertTrusted();
  }

  @Test
  void shouldDoubtAStepForwardAndHeal() {
    pass(HOUR, HOUR.plus(YEARS));
    assertDoubted(Cause.FORWARD);
    assertEquals(YEARS, standing.doubt().orElseThrow().by());
    pass(LIMITS.probation(), LIMITS.probation());
    assertTrusted();
  }

  @Test
  void shouldDoubtAStepBack() {
    pass(HOUR, HOUR.minus(DAY));
    assertDoubted(Cause.BACKWARD);
    assertEquals(DAY, standing.doubt().orElseThrow().by());
  }

  @Test
  void shouldTrustAfterAnOperatorsWord() {
    pass(HOUR, YEARS);
    standing = watch.confirm(standing);
    assertTrusted();
    pass(HOUR, HOUR);
    assertTrusted();
  }

  @Test
  void shouldBeginTheProbationAnewWithEachStep() {
    pass(HOUR, YEARS);
    pass(LIMITS.probation().minus(HOUR), LIMITS.probation().minus(HOUR));
    pass(HOUR, HOUR.minus(YEARS));
    assertDoubted(Cause.BACKWARD);
    pass(LIMITS.probation().minus(HOUR), LIMITS.probation().minus(HOUR));
    assertDoubted(Cause.BACKWARD);
    pass(HOUR, HOUR);
    assertTrusted();
  }

  @Test
  void shouldForgiveWhatNetworkTimeCorrects() {
    for (int day = 0; day < 100; day++) {
      pass(DAY, DAY.plusSeconds(day % 2 == 0 ? 90 : -30));
      assertTrusted();
    }
  }

  /** Each step is below the tolerance; together they aren't. */
  @Test
  void shouldDoubtManySmallSteps() {
    int steps = 0;
    while (standing.isTrusted()) {
      pass(MINUTE, MINUTE.multipliedBy(2));
      steps++;
      assertTrue(steps < 20, "nobody notices");
    }
    assertDoubted(Cause.FORWARD);
  }

  /** Slower than that it gains at most one part in a hundred, for ever. */
  @Test
  void shouldBoundWhatASlowLieGains() {
    Duration lie = Duration.ofSeconds(36);
    for (int hour = 0; hour < 1_000; hour++) {
      pass(HOUR, HOUR.plus(lie));
      assertTrusted();
    }
    for (int hour = 0; hour < 100 && standing.isTrusted(); hour++) {
      pass(HOUR, HOUR.plus(lie.multipliedBy(2)));
    }
    assertDoubted(Cause.FORWARD);
  }

  @Test
  void shouldTrustAClockAcrossARestart() {
    restart(HOUR);
    assertTrusted();
    restart(Duration.ofDays(4));
    assertTrusted();
  }

  @Test
  void shouldDoubtAClockThatStepsWhileNobodyLooks() {
    restart(YEARS);
    assertDoubted(Cause.UNWATCHED);
    standing = watch.confirm(standing);
    restart(HOUR.negated());
    assertDoubted(Cause.BACKWARD);
  }

  @Test
  void shouldNotForgetADoubtByARestart() {
    pass(HOUR, YEARS);
    pass(DAY, DAY);
    for (int i = 0; i < 6; i++) {
      restart(DAY);
      assertDoubted(Cause.FORWARD);
      pass(DAY.minus(MINUTE), DAY.minus(MINUTE));
    }
    assertDoubted(Cause.FORWARD);
    pass(MINUTE.multipliedBy(6), MINUTE.multipliedBy(6));
    assertTrusted();
  }

  /** Another coordinator's clock is ahead, or this one's has fallen behind: nobody can tell. */
  @Test
  void shouldDoubtAClockThatTheJournalIsAheadOf() {
    journal = wall.plus(YEARS);
    pass(MINUTE, MINUTE);
    assertDoubted(Cause.BEHIND_JOURNAL);
    pass(LIMITS.probation(), LIMITS.probation());
    assertTrusted();
    journal = journal.plus(DAY);
    pass(MINUTE, MINUTE);
    assertDoubted(Cause.BEHIND_JOURNAL);
  }

  @Test
  void shouldDoubtAClockThatTheJournalIsAheadOfAtTheStart() {
    journal = wall.plus(DAY);
    restart(MINUTE);
    assertDoubted(Cause.BEHIND_JOURNAL);
  }

  @Test
  void shouldSayWhatIsWrong() {
    pass(HOUR, HOUR.plus(Duration.ofHours(3)));
    assertEquals(
        "the clock is doubted since it showed 2026-11-29T14:00:00Z: it stepped forward by 3h 00m",
        standing.doubt().orElseThrow().words());
    standing = watch.start(reading());
    assertEquals(
        "the clock is doubted since it showed 2026-11-29T14:00:00Z: nobody has watched it before",
        standing.doubt().orElseThrow().words());
  }

  @Test
  void shouldRefuseLimitsThatContradictEachOther() {
    assertThrows(HoldfastException.class, () -> new ClockLimits(Duration.ZERO, DAY, DAY));
    assertThrows(HoldfastException.class, () -> new ClockLimits(DAY, HOUR, DAY));
    assertThrows(HoldfastException.class, () -> new ClockLimits(HOUR, DAY, Duration.ZERO));
  }

  /** Time passes by the monotonic clock, and the wall clock shows that {@code shown} did. */
  private void pass(Duration truly, Duration shown) {
    nanos += truly.toNanos();
    wall = wall.plus(shown);
    standing = watch.next(standing, reading());
  }

  private void restart(Duration shown) {
    nanos = 17;
    wall = wall.plus(shown);
    standing = watch.resume(standing, reading());
  }

  private ClockReading reading() {
    return new ClockReading(wall, nanos, journal);
  }

  private void assertTrusted() {
    assertTrue(standing.isTrusted(), () -> standing.doubt().toString());
  }

  private void assertDoubted(Cause cause) {
    assertFalse(standing.isTrusted(), "nobody doubts it");
    assertEquals(cause, standing.doubt().orElseThrow().cause());
  }
}
