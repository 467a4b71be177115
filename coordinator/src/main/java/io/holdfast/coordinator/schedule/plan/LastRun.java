package io.holdfast.coordinator.schedule.plan;

import java.time.Instant;

/**
 * The last attempt of a series' last run, as it is journalled.
 *
 * @param attempt counted from 1
 * @param at when it was ordered, or when it ended
 */
public record LastRun(Instant nominal, int attempt, State state, Instant at) {
  /**
   * Where the attempt stands.
   *
   * <pre>
   * from     to         because
   * -        ORDERED    the planner found it due; journalled before the order is sent
   * ORDERED  ENDED      complete, complete with gaps, or cancelled by a person
   * ORDERED  FAILED     failed, refused, or expired
   * ORDERED  VANISHED   its agent vanished, or was never told
   * VANISHED ORDERED    its agent came back busy with it (same attempt; by no record)
   * FAILED   ORDERED    the wait is over and attempts are left (attempt + 1)
   * VANISHED ORDERED    the same; of these a few are left even where the schedule says none
   * any      ORDERED    a later nominal time has come (attempt 1), unless ORDERED itself
   * </pre>
   */
  public enum State {
    ORDERED,
    ENDED,
    FAILED,
    VANISHED
  }

  /** The same attempt, whose host turned out to be busy with it. */
  public LastRun goingOn() {
    return new LastRun(nominal, attempt, State.ORDERED, at);
  }
}
