package io.holdfast.coordinator.schedule.plan;

import io.holdfast.coordinator.schedule.Retries;
import io.holdfast.coordinator.schedule.Schedule;
import io.holdfast.coordinator.schedule.Slot;
import io.holdfast.coordinator.schedule.Timetable;
import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.Optional;

/**
 * Finds the turns of series at one instant. Keeps what it found out about a timetable, which many
 * hosts share.
 *
 * <ol>
 *   <li>I1: a first attempt is for a later nominal time than any journalled run of its series.
 *   <li>I2: another attempt is for the journalled run itself, one higher, and only after FAILED or
 *       VANISHED.
 *   <li>I3: while an attempt is ORDERED there is no turn.
 * </ol>
 */
final class Turns {
  private static final int VANISHED_ATTEMPTS = 3;

  /**
   * The slots at one instant: at most one of them is a given host's. And when a window is open
   * next.
   */
  private record Around(Slot before, Slot latest, Slot next, Instant opens) {}

  private final Instant now;

  /** By identity: equal ones of two policies are worked out twice, and none is ever hashed. */
  private final IdentityHashMap<Timetable, Around> known = new IdentityHashMap<>();

  Turns(Instant now) {
    this.now = now;
  }

  Turn of(Duty duty, Optional<LastRun> last) {
    if (last.isPresent() && last.get().state() == LastRun.State.ORDERED) {
      return new Turn.Running();
    }
    Schedule schedule = duty.schedule();
    Around around = known.computeIfAbsent(schedule.timetable(), this::around);
    long place = duty.place();
    boolean started = !around.latest().start(place).isAfter(now);
    Slot slot = started ? around.latest() : around.before();
    Instant nextStart = (started ? around.next() : around.latest()).start(place);
    if (last.isPresent() && !slot.nominal().isAfter(last.get().nominal())) {
      return again(duty, last.get(), around, nextStart);
    }
    Instant start = slot.start(place);
    boolean missed = start.isBefore(duty.since()) || !schedule.catchUp().allows(start, now);
    return missed
        ? new Turn.Rests(nextStart)
        : open(
            around, new Turn.Ready(new RunKey(duty.series(), slot.nominal()), 1, start), nextStart);
  }

  private Turn again(Duty duty, LastRun last, Around around, Instant nextStart) {
    Retries retries = duty.schedule().retries();
    if (!isTriedAgain(last, retries)) {
      return new Turn.Rests(nextStart);
    }
    Instant from = last.at().plus(retries.waitAfter(last.attempt(), duty.place()));
    if (from.isAfter(now)) {
      return new Turn.Rests(earlier(from, nextStart));
    }
    RunKey key = new RunKey(duty.series(), last.nominal());
    return open(around, new Turn.Ready(key, last.attempt() + 1, from), nextStart);
  }

  /** A run must not be lost because a coordinator stopped between its record and its order. */
  private static boolean isTriedAgain(LastRun last, Retries retries) {
    return switch (last.state()) {
      case ORDERED, ENDED -> false;
      case FAILED -> retries.hasAfter(last.attempt());
      case VANISHED -> retries.hasAfter(last.attempt()) || last.attempt() < VANISHED_ATTEMPTS;
    };
  }

  /** What became ready in a window may find it closed again: no place was free, or a host away. */
  private Turn open(Around around, Turn.Ready ready, Instant nextStart) {
    return around.opens().isAfter(now) ? new Turn.Rests(earlier(around.opens(), nextStart)) : ready;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private Around around(Timetable timetable) {
    Slot latest = timetable.latest(now);
    return new Around(
        timetable.before(latest),
        latest,
        timetable.after(latest),
        timetable.windows().next(now, timetable.zone()).opens());
  }
}
