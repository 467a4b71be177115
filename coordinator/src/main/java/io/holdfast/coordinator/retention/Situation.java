package io.holdfast.coordinator.retention;

import io.holdfast.coordinator.retention.clock.ClockStanding;
import java.time.Instant;

/**
 * What a plan depends on besides the rules and the history.
 *
 * @param clock which also says what time it is
 * @param keyed this site can open what it stores: only what is proven counts; elsewhere what is
 *     checked does
 * @param approval of an operator, or {@link Approval#NONE}
 */
public record Situation(ClockStanding clock, boolean keyed, Approval approval) {
  Instant now() {
    return clock.now();
  }
}
