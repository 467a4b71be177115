package io.holdfast.coordinator.retention.clock;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is known of the clock after a reading. To be kept across restarts, at least every few
 * minutes and before anything is decided by it.
 *
 * @param last the reading
 * @param gained how far the wall clock ran ahead of the monotonic one lately; negative if it fell
 *     behind
 * @param judged the newest time of the journal that has raised a doubt, or was said to be right
 */
public record ClockStanding(
    ClockReading last, Duration gained, Instant judged, Optional<ClockDoubt> doubt) {
  /** The present time, as far as anybody knows. */
  public Instant now() {
    return last.wall();
  }

  public boolean isTrusted() {
    return doubt.isEmpty();
  }
}
