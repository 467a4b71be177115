package io.holdfast.common.progress;

import io.holdfast.common.unit.DataRate;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where a job stands.
 *
 * @param bytesDone bytes passed so far
 * @param bytesExpected total of bytes, 0 if unknown
 * @param elapsed since the meter was made
 * @param rate over the last seconds, 0 while it stands still or nothing is known yet
 * @param left until the end at that rate; empty if the total or the rate is unknown
 */
public record ProgressEstimate(
    long bytesDone, long bytesExpected, Duration elapsed, DataRate rate, Optional<Duration> left) {
  /** Between 0 and 100; 100 only when all is done. Empty if the total is unknown. */
  public OptionalInt percent() {
    if (bytesExpected <= 0) {
      return OptionalInt.empty();
    }
    double share = (double) Math.min(bytesDone, bytesExpected) / bytesExpected;
    return OptionalInt.of((int) (100 * share));
  }
}
