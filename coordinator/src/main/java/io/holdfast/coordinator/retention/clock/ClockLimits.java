package io.holdfast.coordinator.retention.clock;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.time.Duration;

/**
 * What is ordinary for a clock.
 *
 * @param tolerance how far it may step without being doubted
 * @param unwatched how long nobody may have watched it; a machine that was off tells nothing
 * @param probation how long a doubted clock has to run evenly, watched, to be believed again
 */
public record ClockLimits(Duration tolerance, Duration unwatched, Duration probation) {
  /** A long weekend off is ordinary; probation is the usual undo period. (tune) */
  public static final ClockLimits USUAL =
      new ClockLimits(Duration.ofMinutes(15), Duration.ofDays(4), Duration.ofDays(7));

  public ClockLimits {
    if (!tolerance.isPositive() || unwatched.compareTo(tolerance) < 0 || !probation.isPositive()) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "the limits of the clock contradict each other: tolerance and probation have to be"
              + " positive, and it may go unwatched at least as long as the tolerance");
    }
  }
}
