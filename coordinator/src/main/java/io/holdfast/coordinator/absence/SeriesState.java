package io.holdfast.coordinator.absence;

import io.holdfast.coordinator.job.RestoreSpeed;
import java.time.Instant;
import java.util.Optional;

/**
 * How a data class of a host stands.
 *
 * @param due until when the next good snapshot has to be there, or had to be
 * @param restore how long it would take to have the newest good one back, where that is promised
 */
public record SeriesState(
    Expectation expectation,
    Evidence evidence,
    Instant due,
    Protection protection,
    Optional<RestoreForecast> restore) {
  static SeriesState of(
      Expectation expectation,
      Evidence evidence,
      Instant due,
      Instant now,
      Optional<RestoreSpeed> speed) {
    return new SeriesState(
        expectation,
        evidence,
        due,
        protection(evidence, now.isAfter(due)),
        RestoreForecasts.of(expectation, evidence, speed));
  }

  private static Protection protection(Evidence evidence, boolean late) {
    if (evidence.good().isPresent()) {
      return late ? Protection.OVERDUE : Protection.PROTECTED;
    }
    return late ? Protection.NEVER : Protection.AWAITED;
  }
}
