package io.holdfast.coordinator.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.retention.clock.ClockLimits;
import io.holdfast.coordinator.retention.clock.ClockReading;
import io.holdfast.coordinator.retention.clock.ClockStanding;
import io.holdfast.coordinator.retention.clock.ClockWatch;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a host, another site or a clock does to lose history, and that it doesn't. */
class RetentionAttackTest {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration TEN_YEARS = DAY.multipliedBy(3_652);
  private static final RetentionRules RULES =
      RetentionRules.in(ZoneOffset.UTC)
          .keepWithin(DAY.multipliedBy(2))
          .keep(Period.LAST, 3)
          .keep(Period.HOURLY, 24)
          .keep(Period.DAILY, 7)
          .keep(Period.WEEKLY, 4)
          .keep(Period.MONTHLY, 12);

  private final List<SnapshotFacts> history = new ArrayList<>();
  private Set<SnapshotId> kept;

  /** Ninety days of hourly backups, thinned every day as they came. */
  @BeforeEach
  void ninetyDays() {
    for (int day = 90; day > 0; day--) {
      Instant evening = NOW.minus(DAY.multipliedBy(day - 1));
      for (int hour = 23; hour >= 0; hour--) {
        add(Taken.scheduled(nextId(), evening.minus(HOUR.multipliedBy(hour)).minusSeconds(1)));
      }
      RetentionPlan plan = plan(Situations.at(evening));
      assertEquals(List.of(), plan.brakes());
      history.removeIf(x -> plan.decide(x) instanceof Decision.Expire);
    }
    kept = history.stream().map(SnapshotFacts::id).collect(Collectors.toSet());
    assertTrue(kept.size() > 30, () -> kept.size() + " are kept");
  }

  @Test
  void aClockSetAheadTenYearsExpiresAndDropsNothing() {
    add(
        Taken.unscheduled(nextId(), NOW.minus(HOUR))
            .with(new Life.Deleted(NOW.plus(DAY), Life.Cause.OPERATOR)));
    ClockWatch watch = new ClockWatch(ClockLimits.USUAL);
    ClockStanding right = watch.confirm(watch.start(new ClockReading(NOW, 0, NOW)));
    Instant then = NOW.plus(TEN_YEARS);
    ClockStanding ahead =
        watch.next(right, new ClockReading(then, Duration.ofMinutes(1).toNanos(), NOW));

    add(Taken.scheduled(nextId(), then));
    assertNothingGoes(plan(new Situation(ahead, true, Approval.NONE)));
  }

  /** Even if everybody believes it: the rules count buckets that have something, not time. */
  @Test
  void aClockSetAheadTenYearsMakesNothingOld() {
    assertLost(0, plan(Situations.at(NOW.plus(TEN_YEARS))));
  }

  @Test
  void aClockSetBackTenYearsMakesNothingOfWhatIsDatedAhead() {
    assertLost(0, plan(Situations.at(NOW.minus(TEN_YEARS))));
  }

  /** What was committed while it was ahead takes no place, once it is right again. */
  @Test
  void whatIsDatedAheadTakesNoPlace() {
    for (int hour = 0; hour < 200; hour++) {
      add(Taken.scheduled(nextId(), NOW.plus(TEN_YEARS).plus(HOUR.multipliedBy(hour))));
    }
    assertLost(0, plan(Situations.at(NOW)));
  }

  @Test
  void aHostThatFakesAHundredThousandSnapshotsExpiresNothing() {
    for (int i = 0; i < 100_000; i++) {
      add(Taken.unscheduled(nextId(), NOW.minus(HOUR).plusMillis(i * 30L)));
    }
    RetentionPlan plan = plan(Situations.at(NOW));
    assertNothingGoes(plan);
    Brake.Flood flood = only(Brake.Flood.class, plan);
    assertEquals(100_000, flood.snapshots());

    Approval approval = new Approval(100_000, 100_000);
    RetentionPlan approved = plan(Situations.at(NOW, approval));
    assertEquals(List.of(), approved.brakes());
    assertLost(0, approved);
  }

  /** A few a day, every day for years: they only take places from each other. */
  @Test
  void aHostThatFakesSlowlyExpiresNothing() {
    for (int day = 0; day < 1_000; day++) {
      for (int i = 0; i < 40; i++) {
        add(Taken.unscheduled(nextId(), NOW.plus(DAY.multipliedBy(day)).plusSeconds(i)));
      }
    }
    RetentionPlan plan = plan(Situations.at(NOW.plus(DAY.multipliedBy(1_000))));
    only(Brake.Fall.class, plan);
    assertLost(0, plan);
  }

  @Test
  void aFloodOfGapsExpiresNothing() {
    for (int i = 1; i <= 10_000; i++) {
      Instant time = NOW.plus(HOUR.multipliedBy(i));
      add(Taken.scheduled(nextId(), time).with(Taken.MANY_GAPS));
    }
    assertLost(0, plan(Situations.at(NOW.plus(HOUR.multipliedBy(10_001)))));
  }

  @Test
  void nothingExpiresWhileAllNewOnesAreSuspect() {
    for (int i = 1; i <= 1_000; i++) {
      add(Taken.scheduled(nextId(), NOW.plus(HOUR.multipliedBy(i))).suspect());
    }
    RetentionPlan plan = plan(Situations.at(NOW.plus(HOUR.multipliedBy(1_001))));
    assertEquals(0, plan.totals().expiringCount());
    assertLost(0, plan);
  }

  /** A host that repeats its commit for one nominal time, in the hope to fill "last". */
  @Test
  void manyForOneNominalTimeAreOneOfTheLast() {
    Instant due = NOW.minus(Duration.ofSeconds(1));
    for (int i = 0; i < 1_000; i++) {
      add(Taken.scheduled(nextId(), due));
    }
    assertLost(0, plan(Situations.at(NOW)));
  }

  @Test
  void whatAnotherSiteSendsExpiresNothingHere() {
    for (int i = 0; i < 5_000; i++) {
      Instant committed = NOW.minus(DAY.multipliedBy(400)).plus(HOUR.multipliedBy(2L * i));
      add(Taken.scheduled(nextId(), committed).imported(NOW, false));
    }
    assertLost(0, plan(Situations.at(NOW)));
  }

  /** One that was kept back and comes with an old date takes no place from its own kind either. */
  @Test
  void whatArrivesLateTakesNoPlace() {
    history.replaceAll(x -> new Taken(x).imported(x.committed(), false).facts());
    for (int i = 0; i < 2_000; i++) {
      Instant old = NOW.minus(HOUR.multipliedBy(i)).minusSeconds(30);
      Origin.Imported origin =
          Origin.arriving(Taken.ELSEWHERE, NOW, old, Optional.of(NOW.minusSeconds(1)));
      add(Taken.scheduled(nextId(), old).imported(origin.arrived(), origin.late()));
    }
    assertLost(0, plan(Situations.at(NOW)));
  }

  @Test
  void aDecisionThatTakesMoreThanHalfWaits() {
    RetentionRules shorter = RULES.keep(Period.HOURLY, 0).keep(Period.DAILY, 0);
    RetentionPlan plan =
        RetentionPlan.of(
            shorter.keep(Period.WEEKLY, 0).keepWithin(DAY), Situations.at(NOW), history::forEach);
    assertNothingGoes(plan);
    Brake.Fall fall = only(Brake.Fall.class, plan);
    assertEquals(Rank.SCHEDULED, fall.upTo());
    assertEquals(plan.totals().expiringCount(), fall.expiring());
  }

  /** Fakes make the whole look large; the fall of what was scheduled is seen all the same. */
  @Test
  void aFallIsNotHiddenAmongFakes() {
    for (int day = 0; day < 20; day++) {
      for (int i = 0; i < 40; i++) {
        add(Taken.unscheduled(nextId(), NOW.minus(HOUR).plusMillis(day * 40 + i)));
      }
    }
    RetentionRules none = RetentionRules.in(ZoneOffset.UTC).keepWithin(DAY);
    RetentionPlan plan =
        RetentionPlan.of(none, Situations.at(NOW, new Approval(0, 1_000)), history::forEach);
    assertTrue(plan.totals().expiringCount() * 2 < plan.totals().liveCount());
    assertEquals(Rank.SCHEDULED, only(Brake.Fall.class, plan).upTo());
  }

  /** A host's decision concerns all its source sets: what stops one of them stops all. */
  @Test
  void aBrakeOnOneSourceSetStopsTheOthers() {
    RetentionRules fewer = RULES.keep(Period.WEEKLY, 3);
    RetentionPlan free = RetentionPlan.of(fewer, Situations.at(NOW), history::forEach);
    assertEquals(List.of(), free.brakes());
    assertEquals(1, free.totals().expiringCount());
    Brake fall = new Brake.Fall(Rank.SCHEDULED, 5, 9);

    assertNothingGoes(free.under(List.of(fall)));
    assertEquals(List.of(fall), free.under(List.of(fall)).under(List.of(fall)).brakes());
    RetentionTotals both = free.totals().plus(free.totals());
    assertEquals(2, both.expiringCount());
    assertEquals(2 * free.totals().liveCount(), both.liveCount());
  }

  private void assertNothingGoes(RetentionPlan plan) {
    assertTrue(!plan.brakes().isEmpty(), "no brake is on");
    for (SnapshotFacts snapshot : history) {
      Decision decision = plan.decide(snapshot);
      assertTrue(
          decision instanceof Decision.Keep || decision instanceof Decision.Await,
          () -> snapshot + " -> " + decision);
    }
  }

  /** By the rules alone, of what was kept before the attack. */
  private void assertLost(int expected, RetentionPlan plan) {
    List<SnapshotFacts> lost =
        history.stream()
            .filter(x -> kept.contains(x.id()) && plan.judge(x) instanceof Decision.Expire)
            .toList();
    assertEquals(expected, lost.size(), lost::toString);
  }

  private static <B extends Brake> B only(Class<B> kind, RetentionPlan plan) {
    List<Brake> found = plan.brakes().stream().filter(kind::isInstance).toList();
    assertEquals(1, found.size(), () -> plan.brakes().toString());
    return assertInstanceOf(kind, found.getFirst());
  }

  private RetentionPlan plan(Situation situation) {
    return RetentionPlan.of(RULES, situation, this::forEach);
  }

  private void forEach(Consumer<SnapshotFacts> visitor) {
    history.forEach(visitor);
  }

  private void add(Taken taken) {
    history.add(taken.facts());
  }

  private long nextId() {
    return ids++;
  }

  private long ids;
}
