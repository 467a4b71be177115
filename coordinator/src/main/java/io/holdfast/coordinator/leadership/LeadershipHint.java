package io.holdfast.coordinator.leadership;

import io.holdfast.common.error.HoldfastException;

/**
 * Who should lead: a hint for liveness. Any number of coordinators may hold it at once, or none,
 * and the journal stays sound; it only keeps them from outvoting each other all day. One owner
 * thread.
 */
public interface LeadershipHint {
  /**
   * Takes the hint if nobody else has it, without waiting; true as well if this coordinator has it.
   *
   * @throws HoldfastException IO or UNAVAILABLE if it can't be asked now
   */
  boolean tryHold();

  /** Whether this coordinator has it, as far as is known here; no call to anybody. */
  boolean isHeld();

  /**
   * Gives it up, if held. Never throws for an operating error: it ends with the process at latest.
   */
  void release();
}
