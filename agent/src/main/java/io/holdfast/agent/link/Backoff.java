package io.holdfast.agent.link;

import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import java.time.Duration;

/**
 * Waits longer after each failure, by a random part, so that a fleet whose coordinator comes back
 * doesn't come back all at once: ten thousand hosts that try every second would take the processor
 * time of a small coordinator's start from it. One thread.
 */
public final class Backoff {
  private static final Duration FIRST = Duration.ofSeconds(4);

  /** So that a coordinator that was away, however long, has its fleet back soon. */
  private static final int DOUBLINGS_MAX = 2;

  private final Time time;
  private final Randomness randomness;
  private int failures;

  public Backoff(Time time, Randomness randomness) {
    this.time = time;
    this.randomness = randomness;
  }

  /** Waits between a quarter and all of 4 s, then of 8 s, and of 16 s from then on. */
  public void pause() throws InterruptedException {
    time.sleep(next());
  }

  Duration next() {
    long millisMax = FIRST.toMillis() << Math.min(failures, DOUBLINGS_MAX);
    failures++;
    long part = Byte.toUnsignedLong(randomness.bytes(1)[0]);
    return Duration.ofMillis(millisMax / 4 + millisMax * 3 / 4 * part / 255);
  }

  /** What was tried went well. */
  public void reset() {
    failures = 0;
  }
}
