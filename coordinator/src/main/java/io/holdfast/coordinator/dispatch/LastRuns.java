package io.holdfast.coordinator.dispatch;

import io.holdfast.coordinator.catalog.JobQueries;
import io.holdfast.coordinator.catalog.LastAttempt;
import io.holdfast.coordinator.schedule.plan.DueRun;
import io.holdfast.coordinator.schedule.plan.LastRun;
import io.holdfast.coordinator.schedule.plan.Series;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The last runs of the series of one roster. One that has ended is remembered, because what comes
 * after it is mostly this coordinator's own order: ten thousand series aren't read again every
 * second. It may be old nevertheless, where a host's word came late; so whoever begins a run asks
 * {@link #isNewsOf} first. One thread.
 */
final class LastRuns {
  private final Roster roster;
  private final Map<Series, Optional<LastRun>> ended = new HashMap<>();

  LastRuns(Roster roster) {
    this.roster = roster;
  }

  boolean areOf(Roster other) {
    return roster == other;
  }

  /** As it is remembered, or else as {@code recorded} has it. */
  Optional<LastRun> of(Series series, JobQueries recorded) {
    Optional<LastRun> known = ended.get(series);
    return known == null ? read(series, recorded) : known;
  }

  /**
   * Reads the last run of each of {@code runs} again; whether any is another one than was
   * remembered, and a plan that rests on it void.
   */
  boolean isNewsOf(Collection<DueRun> runs, JobQueries recorded) {
    boolean news = false;
    for (DueRun run : runs) {
      Series series = run.duty().series();
      Optional<LastRun> known = ended.get(series);
      news |= known != null && !known.equals(read(series, recorded));
    }
    return news;
  }

  /** A run of {@code series} begins. */
  void begun(Series series) {
    ended.remove(series);
  }

  private Optional<LastRun> read(Series series, JobQueries recorded) {
    Optional<LastRun> last = recorded.last(roster.get(series).id()).map(LastRuns::lastRun);
    if (last.isPresent() && last.get().state() == LastRun.State.ORDERED) {
      ended.remove(series);
    } else {
      ended.put(series, last);
    }
    return last;
  }

  private static LastRun lastRun(LastAttempt attempt) {
    return new LastRun(
        Instant.ofEpochSecond(attempt.run().getNominalSeconds()),
        attempt.run().getAttempt(),
        switch (attempt.state()) {
          case OPEN -> LastRun.State.ORDERED;
          case ENDED -> LastRun.State.ENDED;
          case FAILED -> LastRun.State.FAILED;
          case VANISHED -> LastRun.State.VANISHED;
        },
        Instant.ofEpochMilli(attempt.timeMillis()));
  }
}
