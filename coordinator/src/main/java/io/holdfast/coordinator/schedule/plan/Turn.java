package io.holdfast.coordinator.schedule.plan;

import java.time.Instant;

/** What is to be done about one series at one instant. */
sealed interface Turn {
  /** Its last run hasn't ended. */
  record Running() implements Turn {}

  /** An attempt is due. */
  record Ready(RunKey key, int attempt, Instant since) implements Turn {}

  /** Nothing before {@code until}. */
  record Rests(Instant until) implements Turn {}
}
