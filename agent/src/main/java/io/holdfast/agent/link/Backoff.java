package io.holdfast.agent.link;

import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import java.time.Duration;

/**
 * Waits longer after each failure, by a random part, so that a fleet whose coordinator comes back
 * doesn't come back all at once. One thread.
 */
public final class Backoff {
  private static final Duration FIRST = Duration.ofSeconds(1);

  /** So that a coordinator that was away, however long, has its fleet back within a minute. */
  private static final int DOUBLINGS_MAX = 5;

  private final Time time;
  private final Randomness randomness;
  private int failures;

  public Backoff(Time time, Randomness randomness) {
    this.time = time;
    this.randomness = randomness;
  }

  /** Waits between half and all of 1 s, 2 s, and so on up to 32 s. */
  public void pause() throws InterruptedException {
    time.sleep(next());
  }

  Duration next() {
    long millisMax = FIRST.toMillis() << Math.min(failures, DOUBLINGS_MAX);
    failures++;
    long part = Byte.toUnsignedLong(randomness.bytes(1)[0]);
    return Duration.ofMillis(millisMax / 2 + millisMax / 2 * part / 255);
  }

  /** What was tried went well. */
  public void reset() {
    failures = 0;
  }
}
