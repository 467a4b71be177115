package io.holdfast.coordinator.job;

import io.holdfast.common.unit.DataRate;
import java.time.Duration;

/**
 * How fast restores were.
 *
 * @param bytesPerSecond the median of them, at least 1
 * @param restores how many it is the median of
 * @param here whether they were to the host that was asked about, else to any
 */
public record RestoreSpeed(long bytesPerSecond, int restores, boolean here) {
  private static final double MILLIS = 1_000;

  /** How long so many bytes would take. */
  public Duration timeOf(long bytes) {
    return Duration.ofMillis((long) (Math.max(0, bytes) * MILLIS / bytesPerSecond));
  }

  /** Such as {@code the 40 MiB/s of the last 5 restores to this host}. */
  public String words() {
    return "the "
        + new DataRate(bytesPerSecond)
        + " of the last "
        + (restores == 1 ? "restore" : restores + " restores")
        + (here ? " to this host" : ", to other hosts");
  }
}
