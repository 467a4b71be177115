package io.holdfast.common.seam;

import java.time.Duration;
import java.time.Instant;

/** Both clocks moved by hand; {@code sleep} moves them instead of waiting. */
public final class ManualTime implements Time {
  private Instant now;
  private long nanos;

  public ManualTime(Instant start) {
    now = start;
  }

  @Override
  public synchronized Instant now() {
    return now;
  }

  @Override
  public synchronized long nanos() {
    return nanos;
  }

  @Override
  public void sleep(Duration duration) {
    advance(duration);
  }

  /** Moves both clocks on. */
  public synchronized void advance(Duration duration) {
    now = now.plus(duration);
    nanos += duration.toNanos();
  }

  /** Moves the wall clock alone, as somebody who sets it does. */
  public synchronized void setClock(Instant to) {
    now = to;
  }
}
