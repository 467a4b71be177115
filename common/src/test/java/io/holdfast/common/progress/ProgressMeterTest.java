package io.holdfast.common.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.seam.Time;
import io.holdfast.common.unit.DataRate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ProgressMeterTest {
  private static final class HandMovedTime implements Time {
    private long nanos = -5_000_000_000L;

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
      nanos += duration.toNanos();
    }
  }

  private final HandMovedTime time = new HandMovedTime();
  private final ProgressMeter meter = new ProgressMeter(time);

  private void run(int seconds, long bytesASecond, long expected) {
    long done = meter.estimate().bytesDone();
    for (int second = 1; second <= seconds; second++) {
      time.sleep(Duration.ofSeconds(1));
      meter.sample(done + second * bytesASecond, expected);
    }
  }

  @Test
  void shouldKnowNothingBeforeTheFirstSample() {
    ProgressEstimate estimate = meter.estimate();
    assertEquals(new DataRate(0), estimate.rate());
    assertEquals(Optional.empty(), estimate.left());
    assertEquals(OptionalInt.empty(), estimate.percent());
  }

  @Test
  void shouldTellRateAndTimeLeftOfSteadyJob() {
    run(10, 1_000, 40_000);
    ProgressEstimate estimate = meter.estimate();
    assertEquals(new DataRate(1_000), estimate.rate());
    assertEquals(Optional.of(Duration.ofSeconds(30)), estimate.left());
    assertEquals(OptionalInt.of(25), estimate.percent());
    assertEquals(Duration.ofSeconds(10), estimate.elapsed());
  }

  @Test
  void shouldForgetAnEarlierRateAfterTheWindow() {
    run(100, 1_000, 0);
    run(30, 50, 0);
    assertEquals(new DataRate(50), meter.estimate().rate());
  }

  @Test
  void shouldShowStallAndGiveNoTimeLeft() {
    run(10, 1_000, 40_000);
    run(60, 0, 40_000);
    assertEquals(new DataRate(0), meter.estimate().rate());
    assertEquals(Optional.empty(), meter.estimate().left());
  }

  @Test
  void shouldBeginAnewWhenBytesGoBack() {
    run(10, 1_000, 40_000);
    meter.sample(0, 500);
    run(5, 100, 500);
    assertEquals(new DataRate(100), meter.estimate().rate());
    assertEquals(OptionalInt.of(100), meter.estimate().percent());
  }

  @Test
  void shouldSayHundredOnlyWhenAllIsDone() {
    run(1, 999_999, 1_000_000);
    assertEquals(OptionalInt.of(99), meter.estimate().percent());
  }

  @Test
  void shouldAgreeWhateverTheSpacingOfSamples() {
    for (int sample = 1; sample <= 100_000; sample++) {
      time.sleep(Duration.ofMillis(1));
      meter.sample(sample * 1_000L, 0);
    }
    long rate = meter.estimate().rate().bytesPerSecond();
    assertTrue(Math.abs(rate - 1_000_000) < 30_000, "rate " + rate);
  }
}
