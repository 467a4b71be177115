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

  /** Who waits looks so often whether the limit is another one by now. */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private final Time time;
  private final Optional<RateLimit> outer;
  private final Object turn = new Object();
  private long bytesPerSecond;
  private long changes;
  private double paidNanos;
  private boolean started;

  /** A limit of so many bytes a second; 0 for none. */
  public RateLimit(Time time, long bytesPerSecond) {
    this(time, bytesPerSecond, Optional.empty());
  }

  private RateLimit(Time time, long bytesPerSecond, Optional<RateLimit> outer) {
    this.time = time;
    this.bytesPerSecond = checked(bytesPerSecond);
    this.outer = outer;
  }

  /** A limit of its own that takes from this one too: a job's within the host's. */
  public RateLimit within(long innerBytesPerSecond) {
    return new RateLimit(time, innerBytesPerSecond, Optional.of(this));
  }

  /** Another limit from now on, for those too who wait: what they owe at the old one is let go. */
  public void change(long newBytesPerSecond) {
    synchronized (turn) {
      bytesPerSecond = checked(newBytesPerSecond);
      started = false;
      changes++;
    }
  }

  private static long checked(long bytesPerSecond) {
    if (bytesPerSecond < 0) {
      throw new IllegalArgumentException("a rate of " + bytesPerSecond + " bytes a second");
    }
    return bytesPerSecond;
  }

  /** Waits until {@code bytes} may pass. */
  public void take(long bytes) throws InterruptedException {
    if (outer.isPresent()) {
      outer.get().take(bytes);
    }
    Debt debt = reserve(bytes);
    Duration wait = rest(debt);
    while (wait.isPositive()) {
      time.sleep(wait.compareTo(LOOK_EVERY) < 0 ? wait : LOOK_EVERY);
      wait = rest(debt);
    }
  }

  /** What was taken is paid for at {@code dueNanos}, unless the limit changes before. */
  private record Debt(double dueNanos, long changes) {}

  private Debt reserve(long bytes) {
    synchronized (turn) {
      long now = time.nanos();
      if (bytesPerSecond == 0) {
        return new Debt(now, changes);
      }
      if (!started || now - paidNanos > NANOS) {
        started = true;
        paidNanos = now - NANOS;
      }
      paidNanos += bytes * NANOS / bytesPerSecond;
      return new Debt(paidNanos, changes);
    }
  }

  private Duration rest(Debt debt) {
    synchronized (turn) {
      boolean letGo = debt.changes() != changes;
      return letGo ? Duration.ZERO : Duration.ofNanos((long) (debt.dueNanos() - time.nanos()));
    }
  }
}
