package io.holdfast.deploy.path;

import io.holdfast.common.seam.Time;
import java.time.Duration;
import java.time.Instant;

/** The machine's clocks, which a test can set forward; who waits on them wakes when that is due. */
public final class MovableTime implements Time {
  private static final Duration LOOK = Duration.ofMillis(20);

  private final Time machine = Time.system();
  private volatile Duration ahead = Duration.ZERO;

  public void advance(Duration duration) {
    ahead = ahead.plus(duration);
  }

  @Override
  public Instant now() {
    return machine.now().plus(ahead);
  }

  @Override
  public long nanos() {
    return machine.nanos() + ahead.toNanos();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    long until = nanos() + duration.toNanos();
    for (long rest = until - nanos(); rest > 0; rest = until - nanos()) {
      Duration wait = Duration.ofNanos(rest);
      machine.sleep(wait.compareTo(LOOK) < 0 ? wait : LOOK);
    }
  }
}
