package io.holdfast.common.seam;

import java.time.Duration;
import java.time.Instant;

/**
 * Time as a parameter: wall clock for records and people, a monotonic ticker for every time-out,
 * and the one place that may wait. The simulation moves it by hand. Safe for use by many threads.
 */
public interface Time {
  /** Wall-clock time; may jump. Never used to decide safety. */
  Instant now();

  /** Nanoseconds from an arbitrary origin, never going back. */
  long nanos();

  /** Waits at least {@code duration} by the ticker, or until interrupted. */
  void sleep(Duration duration) throws InterruptedException;

  /** The machine's clocks. */
  static Time system() {
    return SystemTime.INSTANCE;
  }
}
