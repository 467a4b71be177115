package io.holdfast.coordinator.absence;

import io.holdfast.common.unit.DataSize;
import io.holdfast.common.unit.Durations;
import io.holdfast.coordinator.job.RestoreSpeed;
import java.time.Duration;
import java.util.Optional;

/**
 * How long a full restore of the newest good snapshot would take, where a time is promised.
 *
 * @param rto how long it may take
 * @param good that snapshot, if there is one
 * @param speed of restores so far; empty if none was measured
 */
public record RestoreForecast(
    Duration rto, Optional<GoodSnapshot> good, Optional<RestoreSpeed> speed) {
  /** Empty without a snapshot or a speed. */
  public Optional<Duration> takes() {
    return good.flatMap(snapshot -> speed.map(known -> known.timeOf(bytes(snapshot))));
  }

  public boolean isTooSlow() {
    return takes().filter(time -> time.compareTo(rto) > 0).isPresent();
  }

  /** There is something to restore, and nobody can tell how long it would take. */
  public boolean isUnmeasured() {
    return good.isPresent() && speed.isEmpty();
  }

  /** What is wrong, if it is too slow: {@code a full restore ... takes about 6h 10m, ...}. */
  public Optional<String> words() {
    return isTooSlow() ? Optional.of(tooSlow()) : Optional.empty();
  }

  private String tooSlow() {
    return "a full restore of its newest good snapshot ("
        + new DataSize(Math.max(0, bytes(good.orElseThrow())))
        + ") takes about "
        + Durations.rounded(takes().orElseThrow())
        + " at "
        + speed.orElseThrow().words()
        + ", and its rto is "
        + Durations.exact(rto);
  }

  private static long bytes(GoodSnapshot snapshot) {
    return snapshot.amount().readBytes();
  }
}
