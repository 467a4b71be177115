package io.holdfast.agent.throttle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.seam.ManualTime;
import io.holdfast.common.seam.Time;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RateLimitTest {
  /** A clock that everybody who waits on it moves. */
  private static final class Waiting implements Time {
    private long nanos = 5_000_000_000L;

    @Override
    public Instant now() {
      return Instant.EPOCH.plusNanos(nanos);
    }

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public void sleep(Duration duration) {
      nanos += duration.toNanos();
    }
  }

  @Test
  void shouldLetBytesPassAtTheRateAfterTheFirstSecond() throws InterruptedException {
    Waiting time = new Waiting();
    RateLimit limit = new RateLimit(time, 1_000);
    long start = time.nanos();
    for (int i = 0; i < 110; i++) {
      limit.take(100);
    }
    double seconds = (time.nanos() - start) / 1e9;
    assertEquals(10, seconds, 0.01); // 11,000 bytes, of which a second's worth was saved up
  }

  @Test
  void shouldSaveUpNoMoreThanASecond() throws InterruptedException {
    Waiting time = new Waiting();
    RateLimit limit = new RateLimit(time, 1_000);
    limit.take(1);
    time.sleep(Duration.ofHours(1));
    long start = time.nanos();
    limit.take(3_000);
    assertEquals(2, (time.nanos() - start) / 1e9, 0.01);
  }

  @Test
  void shouldNotWaitWithoutALimit() throws InterruptedException {
    ManualTime stuck = new ManualTime(Instant.EPOCH);
    RateLimit limit = new RateLimit(stuck, 0);
    limit.take(Long.MAX_VALUE);
    assertTrue(stuck.nanos() >= 0);
  }

  @Test
  void shouldLetGoWhoWaitsWhenTheLimitIsRaised() throws InterruptedException {
    Raised time = new Raised();
    RateLimit limit = new RateLimit(time, 1);
    time.raise(limit);
    limit.take(1_000_000); // eleven days at the first limit
    assertTrue(time.nanos() <= 3_000_000_000L, time.nanos() + " ns");
    long start = time.nanos();
    limit.take(10_000);
    assertEquals(9, (time.nanos() - start) / 1e9, 0.01);
  }

  /** A clock by which somebody raises a limit after two seconds. */
  private static final class Raised implements Time {
    private long nanos;
    private RateLimit limit;

    void raise(RateLimit raised) {
      limit = raised;
    }

    @Override
    public Instant now() {
      return Instant.EPOCH;
    }

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public void sleep(Duration duration) {
      boolean before = nanos < 2_000_000_000L;
      nanos += duration.toNanos();
      if (before && nanos >= 2_000_000_000L) {
        limit.change(1_000);
      }
    }
  }
}
