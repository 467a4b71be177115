package io.holdfast.coordinator.retention;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/**
 * What is kept, by example. Where restic's {@code forget} or borg's {@code prune} would do
 * otherwise, the test says so and why.
 */
class RetentionExamplesTest {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
  private static final RetentionRules RULES =
      RetentionRules.in(ZoneOffset.UTC).keepWithin(Duration.ofDays(1));

  /**
   * The first of each day stands for it. restic and borg keep the last: then each new snapshot of a
   * day takes the place of the one before, and whoever damages a host damages that day's keeper
   * with the next backup. What is kept here was kept from the start, so other sites pull nothing
   * that expires tomorrow. The price: a day is kept as it began, and the newest state only as the
   * newest snapshot.
   */
  @Test
  void shouldKeepTheFirstOfEachDayAndTheNewest() {
    check(
        RULES.keep(Period.DAILY, 3),
        """
        2026-11-26 01:00 scheduled -> expire
        2026-11-27 01:00 scheduled -> daily
        2026-11-27 13:00 scheduled -> expire
        2026-11-28 01:00 scheduled -> daily
        2026-11-28 13:00 scheduled -> within
        2026-11-29 01:00 scheduled -> daily within
        2026-11-29 13:00 scheduled -> newest within
        """);
  }

  /**
   * Days without a good snapshot aren't counted, as in restic and borg: a host that stays away
   * loses nothing by it.
   */
  @Test
  void shouldCountOnlyDaysThatHaveASnapshot() {
    check(
        RULES.keep(Period.DAILY, 3),
        """
        2026-03-01 01:00 scheduled -> expire
        2026-03-02 01:00 scheduled -> daily
        2026-07-15 01:00 scheduled -> daily
        2026-09-30 01:00 scheduled -> daily newest within
        """);
  }

  /**
   * Each rule counts by itself, as in restic: one snapshot may stand for its day, week, month and
   * year. borg doesn't count towards a coarser rule what a finer one has kept; there, raising
   * "daily" moves which weeks are kept, here it can't.
   */
  @Test
  void shouldLetOneSnapshotStandForSeveralPeriods() {
    check(
        RULES
            .keep(Period.DAILY, 2)
            .keep(Period.WEEKLY, 3)
            .keep(Period.MONTHLY, 2)
            .keep(Period.YEARLY, 1),
        """
        2026-10-05 01:00 scheduled -> monthly yearly
        2026-10-31 01:00 scheduled -> expire
        2026-11-01 01:00 scheduled -> monthly
        2026-11-11 01:00 scheduled -> weekly
        2026-11-16 01:00 scheduled -> weekly
        2026-11-22 00:59 scheduled -> daily
        2026-11-23 01:00 scheduled -> daily weekly newest within
        """);
  }

  /** A week is Monday to Sunday, and belongs to no month or year. */
  @Test
  void shouldBeginWeeksOnMonday() {
    check(
        RULES.keep(Period.WEEKLY, 9),
        """
        2025-12-28 23:59 scheduled -> weekly
        2025-12-29 00:00 scheduled -> weekly
        2026-01-01 00:00 scheduled -> expire
        2026-01-04 23:59 scheduled -> within
        2026-01-05 00:00 scheduled -> weekly newest within
        """);
  }

  /**
   * "last" counts good moments. In restic and borg whatever exists counts, and a handful of broken
   * backups leaves nothing else.
   */
  @Test
  void shouldCountOnlyGoodOnesAsTheLast() {
    check(
        RULES.keep(Period.LAST, 2),
        """
        2026-11-20 01:00 scheduled -> expire
        2026-11-21 01:00 scheduled -> last
        2026-11-22 00:59 scheduled suspect -> (last)
        2026-11-23 01:00 scheduled -> last newest within
        2026-11-24 01:00 scheduled gaps -> (last) within
        2026-11-25 01:00 scheduled damaged -> (last) within
        2026-11-26 01:00 scheduled unproven -> (last) within
        """);
  }

  /** What isn't good waits until something good stands in its place, and displaces nothing. */
  @Test
  void shouldKeepWhatIsNotGoodUntilSomethingBetterStandsThere() {
    check(
        RULES.keep(Period.DAILY, 4),
        """
        2026-11-20 01:00 scheduled suspect -> expire
        2026-11-21 01:00 scheduled -> daily
        2026-11-22 01:00 scheduled suspect -> (daily)
        2026-11-22 05:00 scheduled unproven -> (daily)
        2026-11-23 01:00 scheduled gaps -> expire
        2026-11-23 05:00 scheduled -> daily
        2026-11-23 09:00 scheduled suspect -> expire
        2026-11-24 01:00 scheduled -> daily
        2026-11-26 01:00 scheduled -> daily newest within
        """);
  }

  /** Where nobody holds the key, what is checked counts; where somebody does, it waits. */
  @Test
  void shouldCountWhatIsCheckedOnlyWhereNoKeyIs() {
    RetentionRules rules = RULES.keep(Period.DAILY, 2);
    ExampleTable.of(
            """
            2026-11-20 01:00 scheduled unproven -> expire
            2026-11-20 02:00 scheduled checked -> daily
            2026-11-20 03:00 scheduled -> expire
            2026-11-23 01:00 scheduled checked -> daily newest within
            """)
        .check(rules, Situations.keylessAt(NOW));
    check(
        rules,
        """
        2026-11-19 01:00 scheduled checked -> expire
        2026-11-19 02:00 scheduled -> daily
        2026-11-21 02:00 scheduled -> daily newest within
        2026-11-23 01:00 scheduled checked -> (daily) within
        """);
  }

  /**
   * A day that has only unscheduled ones keeps one, as long as so few days are newer; it takes no
   * place from scheduled days. restic and borg know no such difference.
   */
  @Test
  void shouldKeepUnscheduledOnesBesideScheduledOnes() {
    check(
        RULES.keep(Period.DAILY, 3),
        """
        2026-11-18 01:00 scheduled -> daily
        2026-11-19 01:00 unscheduled -> expire
        2026-11-20 01:00 unscheduled -> daily
        2026-11-20 05:00 unscheduled -> expire
        2026-11-21 01:00 unscheduled -> expire
        2026-11-21 05:00 scheduled -> daily
        2026-11-21 09:00 unscheduled -> expire
        2026-11-23 01:00 scheduled -> daily newest within
        """);
  }

  @Test
  void shouldThinAHostThatHasNoSchedule() {
    check(
        RULES.keep(Period.DAILY, 2),
        """
        2026-11-20 01:00 unscheduled -> expire
        2026-11-21 01:00 unscheduled -> daily
        2026-11-21 05:00 unscheduled -> expire
        2026-11-23 01:00 unscheduled -> daily newest within
        """);
  }

  /** The newest good scheduled one stays although a newer unscheduled one is good, too. */
  @Test
  void shouldKeepTheNewestGoodOneOfEachRank() {
    check(
        RULES,
        """
        2026-11-20 01:00 scheduled -> expire
        2026-11-21 05:00 scheduled -> newest within
        2026-11-25 01:00 unscheduled -> expire
        2026-11-27 01:00 unscheduled -> newest within
        """);
  }

  /**
   * "within" counts back from the newest good one, as in restic; borg counts from now, and a host
   * that was away for longer than that loses what it had. Here, besides, a newer unscheduled or
   * suspect one doesn't move it.
   */
  @Test
  void shouldMeasureTheFloorFromTheNewestGoodOne() {
    check(
        RULES.keepWithin(Duration.ofDays(2)),
        """
        2026-05-01 01:00 scheduled -> expire
        2026-05-08 01:00 scheduled -> within
        2026-05-09 01:00 scheduled -> within
        2026-05-10 01:00 scheduled -> newest within
        2026-11-29 01:00 unscheduled -> newest within
        2026-11-30 01:00 scheduled suspect -> within
        """);
  }

  @Test
  void shouldKeepEverythingAsLongAsNothingIsGood() {
    check(
        RULES.keep(Period.LAST, 1),
        """
        2026-05-01 01:00 scheduled suspect -> (last) none-good
        2026-08-01 01:00 scheduled unproven -> (last) none-good
        2026-11-01 01:00 unscheduled damaged -> (last) none-good
        """);
  }

  @Test
  void shouldKeepWhatIsHeldAndLetItCountAsBefore() {
    check(
        RULES.keep(Period.DAILY, 2),
        """
        2026-11-20 01:00 scheduled held -> held
        2026-11-21 01:00 scheduled held -> daily held
        2026-11-21 02:00 scheduled -> expire
        2026-11-25 01:00 scheduled -> daily newest within
        """);
  }

  /** A deleted one counts for nothing; its undo ends at a time, unless it is held. */
  @Test
  void shouldDropWhatIsDeletedWhenItsUndoEnds() {
    check(
        RULES.keep(Period.DAILY, 2),
        """
        2026-11-20 01:00 scheduled deleted -> drop
        2026-11-21 01:00 scheduled deleted held -> await
        2026-11-21 02:00 scheduled -> daily
        2026-11-25 01:00 scheduled -> daily newest within
        2026-11-26 01:00 scheduled deleted -> await
        """);
  }

  /**
   * What the rules deleted comes back, as long as it has its undo, where nothing stands any more:
   * because the one that stood there is found damaged, or somebody deleted it. What an operator
   * deleted doesn't.
   */
  @Test
  void shouldWantBackWhatExpiredWhereNothingStandsAnyMore() {
    check(
        RULES.keep(Period.DAILY, 3),
        """
        2026-11-25 01:00 scheduled expired -> await
        2026-11-26 01:00 scheduled -> daily
        2026-11-26 05:00 scheduled expired -> await
        2026-11-27 01:00 scheduled damaged -> (daily)
        2026-11-27 05:00 scheduled expired -> undelete
        2026-11-27 09:00 scheduled deleted -> await
        2026-11-28 01:00 scheduled deleted -> await
        2026-11-28 05:00 scheduled expired -> undelete
        2026-11-28 09:00 scheduled expired -> undelete
        2026-11-29 01:00 scheduled -> daily within
        2026-11-30 01:00 scheduled -> daily newest within
        """);
  }

  /**
   * What arrives late from another site shares no bucket: neither does it take the place of the one
   * that stands there, nor does it go because of that one.
   */
  @Test
  void shouldKeepWhatArrivesLateFromItsArrival() {
    check(
        RULES.keep(Period.DAILY, 2),
        """
        2026-11-19 01:00 scheduled late -> expire
        2026-11-20 01:00 scheduled late -> late-daily
        2026-11-23 02:00 scheduled -> daily
        2026-11-25 01:00 scheduled late -> late-daily within
        2026-11-25 02:00 scheduled -> daily newest within
        """);
  }

  /** Days are days of the policy's zone: in Auckland both lie on the 25th. */
  @Test
  void shouldCutDaysInThePolicysZone() {
    RetentionRules auckland =
        RetentionRules.in(ZoneId.of("Pacific/Auckland"))
            .keepWithin(Duration.ofDays(1))
            .keep(Period.DAILY, 5);
    check(
        auckland,
        """
        2026-11-24 10:30 scheduled -> daily
        2026-11-24 11:30 scheduled -> daily
        2026-11-25 10:30 scheduled -> within
        2026-11-26 10:00 scheduled -> daily newest within
        """);
  }

  /**
   * The hour that daylight saving repeats is two hours and keeps two. Named by the face of the
   * clock, as 2026102502, one of them would be lost.
   */
  @Test
  void shouldKeepBothHoursWhereTheClockRepeatsOne() {
    RetentionRules berlin =
        RetentionRules.in(ZoneId.of("Europe/Berlin"))
            .keepWithin(Duration.ofDays(1))
            .keep(Period.HOURLY, 8);
    check(
        berlin,
        """
        2026-10-24 23:30 scheduled -> hourly
        2026-10-25 00:00 scheduled -> hourly
        2026-10-25 00:30 scheduled -> expire
        2026-10-25 01:00 scheduled -> hourly
        2026-10-25 01:30 scheduled -> expire
        2026-10-25 02:00 scheduled -> hourly
        2026-10-27 02:00 scheduled -> hourly newest within
        """);
  }

  private static void check(RetentionRules rules, String table) {
    ExampleTable.of(table).check(rules, Situations.at(NOW));
  }
}
