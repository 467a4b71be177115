package io.holdfast.coordinator.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/**
 * A recurrence held against windows, with the hosts spread from each of its instants on.
 *
 * <ol>
 *   <li>I1: a nominal instant outside every window waits for the next one to open; if the
 *       recurrence comes again until then, the later one takes its place, so that a night's window
 *       doesn't begin with all the hours of the day.
 *   <li>I2: slots follow each other without overlap: the spread ends before the window closes and
 *       before the next nominal instant, so every host runs once a slot and in the order of slots.
 * </ol>
 */
public record Timetable(Recurrence recurrence, ZoneId zone, Windows windows, Duration spread) {
  public Timetable {
    if (spread.isNegative()) {
      throw new IllegalArgumentException("a spread below zero");
    }
  }

  /** The last slot that has opened at {@code now}. */
  public Slot latest(Instant now) {
    Instant nominal = recurrence.previous(now, zone);
    Span span = windows.next(nominal, zone);
    if (!span.opens().isAfter(now)) {
      return slot(nominal, span);
    }
    Instant closed = windows.lastClosing(nominal, zone);
    Instant earlier = recurrence.previous(closed.minusNanos(1), zone);
    return slot(earlier, windows.next(earlier, zone));
  }

  /** The slot before {@code slot}. */
  public Slot before(Slot slot) {
    return latest(slot.opens().minusNanos(1));
  }

  /** The slot after {@code slot}. */
  public Slot after(Slot slot) {
    Instant nominal = recurrence.next(slot.nominal(), zone);
    Span span = windows.next(nominal, zone);
    return span.opens().equals(nominal)
        ? slot(nominal, span)
        : slot(recurrence.previous(span.opens(), zone), span);
  }

  /** The first slot that opens after {@code now}. */
  public Slot next(Instant now) {
    return after(latest(now));
  }

  private Slot slot(Instant nominal, Span span) {
    Duration room = spread;
    room = shorter(room, span.opens(), span.closes());
    room = shorter(room, span.opens(), recurrence.next(span.opens(), zone));
    return new Slot(nominal, span.opens(), room);
  }

  private static Duration shorter(Duration room, Instant from, Instant to) {
    return from.plus(room).isAfter(to) ? Duration.between(from, to) : room;
  }
}
