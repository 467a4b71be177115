package io.holdfast.coordinator.leadership;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.coordinator.journal.Authority;

/** Where this coordinator stands. */
public sealed interface LeadershipState {
  /** Reads the journal; somebody else leads, or nobody yet. */
  record Following() implements LeadershipState {}

  /** Going for the next term; answers nothing yet. */
  record Contending() implements LeadershipState {}

  /** Leads: all slots below its term's first are final and applied. */
  record Leading(Authority authority) implements LeadershipState {}

  /**
   * Neither reads on nor leads; tries again by itself. {@code cause} says what an operator can do.
   */
  record Blocked(HoldfastException cause) implements LeadershipState {}

  /** Stopped for good. */
  record Closed() implements LeadershipState {}
}
