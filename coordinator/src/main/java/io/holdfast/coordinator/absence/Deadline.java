package io.holdfast.coordinator.absence;

import io.holdfast.coordinator.schedule.Retries;
import io.holdfast.coordinator.schedule.Schedule;
import io.holdfast.coordinator.schedule.Slot;
import io.holdfast.coordinator.schedule.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Until when the next good snapshot of a series has to be there. */
public final class Deadline {
  /** How long a run is waited for that is made up for always, unless the next one comes sooner. */
  static final Duration CATCH_UP_WAITED = Duration.ofDays(1);

  /** For what no host's duration covers: a queue at the coordinator, a slow start. */
  static final Duration SLACK = Duration.ofMinutes(5);

  /** How long a first backup may take. */
  static final Duration FIRST_TOOK = Duration.ofHours(1);

  private Deadline() {}

  /** When it is too late, given the newest good snapshot. */
  public static Instant of(Expectation expectation, Optional<GoodSnapshot> newest) {
    return expectation
        .rpo()
        .map(rpo -> newest.map(GoodSnapshot::asOf).orElse(expectation.since()).plus(rpo))
        .orElseGet(() -> byItsSchedule(expectation, newest));
  }

  private static Instant byItsSchedule(Expectation expectation, Optional<GoodSnapshot> newest) {
    Schedule schedule = expectation.schedule();
    long place = expectation.target().place();
    Slot slot = firstWithout(expectation, newest);
    Instant start = slot.start(place);
    Instant nextStart = schedule.timetable().after(slot).start(place);
    Instant lastBegin =
        start
            .plus(schedule.catchUp().within().orElse(CATCH_UP_WAITED))
            .plus(waits(schedule.retries(), place));
    Duration took = newest.map(GoodSnapshot::took).orElse(FIRST_TOOK);
    return (lastBegin.isBefore(nextStart) ? lastBegin : nextStart)
        .plus(took.multipliedBy(3).dividedBy(2))
        .plus(SLACK);
  }

  private static Duration waits(Retries retries, long place) {
    Duration sum = Duration.ZERO;
    for (int attempt = 1; retries.hasAfter(attempt); attempt++) {
      sum = sum.plus(retries.waitAfter(attempt, place));
    }
    return sum;
  }

  /** The first slot of the schedule that no good snapshot stands for. */
  private static Slot firstWithout(Expectation expectation, Optional<GoodSnapshot> newest) {
    Timetable timetable = expectation.schedule().timetable();
    Instant from = newest.map(good -> good.nominal().orElse(good.asOf())).orElse(Instant.MIN);
    Slot slot = timetable.latest(from.isAfter(expectation.since()) ? from : expectation.since());
    while (!isWithout(slot, expectation, newest)) {
      slot = timetable.after(slot);
    }
    return slot;
  }

  /** A snapshot of a run stands for that run's slot, however late; any other for its time. */
  private static boolean isWithout(
      Slot slot, Expectation expectation, Optional<GoodSnapshot> newest) {
    Instant start = slot.start(expectation.target().place());
    boolean later =
        newest.isEmpty()
            || newest
                .get()
                .nominal()
                .map(nominal -> slot.nominal().isAfter(nominal))
                .orElse(start.isAfter(newest.get().asOf()));
    return later && !start.isBefore(expectation.since());
  }
}
