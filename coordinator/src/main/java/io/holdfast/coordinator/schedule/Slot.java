package io.holdfast.coordinator.schedule;

import java.time.Duration;
import java.time.Instant;

/**
 * One turn of a timetable, the same for all hosts.
 *
 * @param nominal what the recurrence says; names the run
 * @param opens the nominal time, or when the next window opens
 * @param room over which hosts spread from there on, zero for none
 */
public record Slot(Instant nominal, Instant opens, Duration room) {
  /**
   * When the host of {@code place} begins: at {@code opens} at the earliest and before the room
   * ends.
   *
   * @param place a hash, unsigned: its whole range is the room
   */
  public Instant start(long place) {
    return opens.plusMillis(Math.unsignedMultiplyHigh(place, room.toMillis()));
  }
}
