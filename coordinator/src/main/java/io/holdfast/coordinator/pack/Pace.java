package io.holdfast.coordinator.pack;

import io.holdfast.common.seam.Time;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Holds background reading to a rate, so that backups and restores don't notice it. One thread. */
@FunctionalInterface
public interface Pace {
  /** Waits until {@code bytes} more may be read. */
  void take(long bytes) throws InterruptedException;

  /** Never waits. */
  static Pace unlimited() {
    return bytes -> {};
  }

  /** At most {@code bytesPerSecond}, at least 1; what wasn't read isn't saved up. */
  static Pace bytesPerSecond(long bytesPerSecond, Time time) {
    if (bytesPerSecond < 1) {
      throw new IllegalArgumentException("a pace of " + bytesPerSecond + " bytes a second is none");
    }
    return new Pace() {
      private long freeAtNanos = time.nanos();

      @Override
      public void take(long bytes) throws InterruptedException {
        long now = time.nanos();
        long waitNanos = freeAtNanos - now;
        if (waitNanos > 0) {
          time.sleep(Duration.ofNanos(waitNanos));
        }
        double seconds = (double) bytes / bytesPerSecond;
        long begin = Math.max(waitNanos, 0) + now;
        freeAtNanos = begin + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
      }
    };
  }
}
