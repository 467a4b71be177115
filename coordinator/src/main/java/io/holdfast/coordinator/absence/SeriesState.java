package io.holdfast.coordinator.absence;

import java.time.Instant;

/**
 * How a data class of a host stands.
 *
 * @param due until when the next good snapshot has to be there, or had to be
 */
public record SeriesState(
    Expectation expectation, Evidence evidence, Instant due, Protection protection) {
  static SeriesState of(Expectation expectation, Evidence evidence, Instant due, Instant now) {
    return new SeriesState(expectation, evidence, due, protection(evidence, now.isAfter(due)));
  }

  private static Protection protection(Evidence evidence, boolean late) {
    if (evidence.good().isPresent()) {
      return late ? Protection.OVERDUE : Protection.PROTECTED;
    }
    return late ? Protection.NEVER : Protection.AWAITED;
  }
}
