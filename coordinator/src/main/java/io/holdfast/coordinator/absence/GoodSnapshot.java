package io.holdfast.coordinator.absence;

import io.holdfast.common.id.SnapshotId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A snapshot that counts.
 *
 * @param committed by the coordinator's clock
 * @param took from the beginning of reading to the commit, by the host's word: too long a time only
 *     makes the snapshot older
 * @param nominal time of the run of the series that made it, if one did
 */
public record GoodSnapshot(
    SnapshotId id, Instant committed, Duration took, Optional<Instant> nominal, Amount amount) {
  private static final Duration TOOK_MAX = Duration.ofDays(30);

  /** What it came to. */
  public record Amount(long files, long readBytes, long newBytes, long storedBytes) {
    public static final Amount NONE = new Amount(0, 0, 0, 0);
  }

  public GoodSnapshot {
    took = took.isNegative() ? Duration.ZERO : took.compareTo(TOOK_MAX) > 0 ? TOOK_MAX : took;
  }

  /** Of when its content is. */
  public Instant asOf() {
    return committed.minus(took);
  }
}
