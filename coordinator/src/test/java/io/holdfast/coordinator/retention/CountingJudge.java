package io.holdfast.coordinator.retention;

import io.holdfast.coordinator.proof.SnapshotHealth;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The rules once more, as they are said: counts everything anew for each snapshot, over a list.
 * Shares no code with the plan but the facts' records.
 */
final class CountingJudge {
  private final RetentionRules rules;
  private final Instant now;
  private final boolean keyed;
  private final List<SnapshotFacts> history;

  CountingJudge(RetentionRules rules, Situation situation, List<SnapshotFacts> history) {
    this.rules = rules;
    this.now = situation.clock().last().wall();
    this.keyed = situation.keyed();
    this.history = history;
  }

  /** Whether a live snapshot is kept, or one that the rules deleted is wanted back. */
  boolean keeps(SnapshotFacts x) {
    boolean live = x.life() instanceof Life.Live;
    return (live && (!x.holds().isEmpty() || dueTime(x).isAfter(now) || isNewestGood(x)))
        || isYoung(x)
        || Stream.of(Period.values()).anyMatch(period -> keeps(period, x));
  }

  boolean isGood(SnapshotFacts x) {
    boolean reliable =
        x.health() == SnapshotHealth.State.PROVEN
            || (!keyed && x.health() == SnapshotHealth.State.CHECKED);
    return reliable
        && x.life() instanceof Life.Live
        && !x.suspect()
        && !isLate(x)
        && x.gaps().count() <= rules.gapsLimit()
        && !dueTime(x).isAfter(now);
  }

  /** The good snapshots that {@code x} gives way to. */
  private Stream<SnapshotFacts> rivals(SnapshotFacts x) {
    return history.stream().filter(this::isGood).filter(y -> strength(y) <= strength(x));
  }

  private boolean keeps(Period period, SnapshotFacts x) {
    Instant place = isLate(x) ? ((Origin.Imported) x.origin()).arrived() : dueTime(x);
    long bucket = bucket(period, place);
    long newer =
        rivals(x)
            .map(y -> bucket(period, dueTime(y)))
            .filter(other -> other > bucket)
            .distinct()
            .count();
    if (newer >= rules.count(period)) {
      return false;
    }
    if (isLate(x)) {
      return true;
    }
    Stream<SnapshotFacts> there = rivals(x).filter(y -> bucket(period, dueTime(y)) == bucket);
    Comparator<SnapshotFacts> first =
        Comparator.comparingInt(CountingJudge::strength)
            .thenComparing(SnapshotFacts::committed)
            .thenComparing(SnapshotFacts::id);
    return isGood(x) ? there.min(first).orElseThrow().equals(x) : there.findAny().isEmpty();
  }

  private boolean isNewestGood(SnapshotFacts x) {
    return isGood(x)
        && Stream.of(0, 1, 2, 3)
            .anyMatch(strength ->
                history.stream()
                    .filter(y -> isGood(y) && strength(y) <= strength)
                    .max(
                        Comparator.comparing(SnapshotFacts::committed)
                            .thenComparing(SnapshotFacts::id))
                    .filter(y -> y.equals(x))
                    .isPresent());
  }

  private boolean isYoung(SnapshotFacts x) {
    Instant anchor = rivals(x).map(SnapshotFacts::committed).max(Instant::compareTo).orElse(null);
    if (anchor == null) {
      return true;
    }
    Instant oldest = (anchor.isAfter(now) ? now : anchor).minus(rules.within());
    Instant born = x.committed();
    if (x.origin() instanceof Origin.Imported imported) {
      born = imported.late() || born.isAfter(imported.arrived()) ? imported.arrived() : born;
    }
    Instant undeleted = x.life() instanceof Life.Live live ? live.undeleted().orElse(born) : born;
    return !born.isBefore(oldest) || !undeleted.isBefore(oldest);
  }

  private static int strength(SnapshotFacts x) {
    return (x.nominal().isPresent() ? 0 : 2) + (x.origin().equals(Origin.HERE) ? 0 : 1);
  }

  private static boolean isLate(SnapshotFacts x) {
    return x.origin() instanceof Origin.Imported imported && imported.late();
  }

  private static Instant dueTime(SnapshotFacts x) {
    Stream<Instant> arrived =
        x.origin() instanceof Origin.Imported imported
            ? Stream.of(imported.arrived())
            : Stream.of();
    return Stream.concat(Stream.concat(Stream.of(x.committed()), x.nominal().stream()), arrived)
        .min(Instant::compareTo)
        .orElseThrow();
  }

  private long bucket(Period period, Instant time) {
    ZonedDateTime there = time.atZone(rules.zone());
    LocalDate day = there.toLocalDate();
    return switch (period) {
      case LAST -> time.toEpochMilli();
      case HOURLY -> there.toOffsetDateTime().truncatedTo(ChronoUnit.HOURS).toEpochSecond();
      case DAILY -> day.toEpochDay();
      case WEEKLY -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)).toEpochDay();
      case MONTHLY -> day.withDayOfMonth(1).toEpochDay();
      case YEARLY -> day.withDayOfYear(1).toEpochDay();
    };
  }
}
