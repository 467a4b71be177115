package io.holdfast.coordinator.proof;

import java.time.Duration;

/**
 * How the background proof goes about.
 *
 * @param bytesPerSecond sealed bytes read at most
 * @param idle how long nobody must have moved data before anything is read
 * @param deadline after which a snapshot is proven though data moves
 * @param lookInterval how often new snapshots are looked for
 * @param retryInterval after which a snapshot that couldn't be proven is tried again
 */
public record ProofConfig(
    long bytesPerSecond,
    Duration idle,
    Duration deadline,
    Duration lookInterval,
    Duration retryInterval) {
  public ProofConfig {
    if (bytesPerSecond < 1) {
      throw new IllegalArgumentException(
          "proof bytes per second is " + bytesPerSecond + ", must be at least 1");
    }
    if (idle.isNegative() || deadline.isNegative()) {
      throw new IllegalArgumentException("proof idle and deadline must not be negative");
    }
    if (!lookInterval.isPositive() || !retryInterval.isPositive()) {
      throw new IllegalArgumentException("proof intervals must be longer than nothing");
    }
  }

  /** 16 MiB a second: a tenth of what one disk gives. */
  public static ProofConfig defaults() {
    return new ProofConfig(
        16L << 20,
        Duration.ofSeconds(2),
        Duration.ofHours(1),
        Duration.ofSeconds(10),
        Duration.ofMinutes(30));
  }
}
