package io.holdfast.agent.throttle;

import io.holdfast.common.seam.Time;
import java.time.Duration;
import java.util.Optional;

/**
 * Lets bytes pass at a rate, as a bucket that fills with time and holds a second's worth: what was
 * taken too early is waited for by the next. Any thread; who comes first goes first.
 */
public final class RateLimit {
  private static final double NANOS = 1e9;

  private final Time time;
  private final long bytesPerSecond;
  private final Optional<RateLimit> outer;
  private final Object turn = new Object();
  private double paidNanos;
  private boolean started;

  /** A limit of so many bytes a second; 0 for none. */
  public RateLimit(Time time, long bytesPerSecond) {
    this(time, bytesPerSecond, Optional.empty());
  }

  private RateLimit(Time time, long bytesPerSecond, Optional<RateLimit> outer) {
    if (bytesPerSecond < 0) {
      throw new IllegalArgumentException("a rate of " + bytesPerSecond + " bytes a second");
    }
    this.time = time;
    this.bytesPerSecond = bytesPerSecond;
    this.outer = outer;
  }

  /** A limit of its own that takes from this one too: a job's within the host's. */
  public RateLimit within(long innerBytesPerSecond) {
    return new RateLimit(time, innerBytesPerSecond, Optional.of(this));
  }

  /** Waits until {@code bytes} may pass. */
  public void take(long bytes) throws InterruptedException {
    if (outer.isPresent()) {
      outer.get().take(bytes);
    }
    if (bytesPerSecond == 0) {
      return;
    }
    Duration wait = Duration.ofNanos(reserve(bytes));
    if (wait.isPositive()) {
      time.sleep(wait);
    }
  }

  /** Nanoseconds until what was taken before is paid for, less the second that may be saved up. */
  private long reserve(long bytes) {
    synchronized (turn) {
      long now = time.nanos();
      if (!started || now - paidNanos > NANOS) {
        started = true;
        paidNanos = now - NANOS;
      }
      paidNanos += bytes * NANOS / bytesPerSecond;
      return (long) Math.max(0, paidNanos - now);
    }
  }
}
