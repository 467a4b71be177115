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
}
