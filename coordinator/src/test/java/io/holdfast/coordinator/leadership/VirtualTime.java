package io.holdfast.coordinator.leadership;

import io.holdfast.common.seam.Time;
import java.time.Duration;
import java.time.Instant;

/** Time that goes by only when told to. */
final class VirtualTime implements Time {
  private long nanos;

  @Override
  public Instant now() {
    return Instant.ofEpochMilli(1_000_000).plusNanos(nanos);
  }

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public void sleep(Duration duration) {
    pass(duration);
  }

  void pass(Duration duration) {
    nanos += duration.toNanos();
  }
}
