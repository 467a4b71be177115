package io.holdfast.deploy.sim;

import io.holdfast.common.seam.Time;
import java.time.Duration;
import java.time.Instant;

/** One machine's clocks: the ticker is the schedule's, the wall clock may be set. */
final class SimTime implements Time {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  private final Schedule schedule;
  private Duration offset = Duration.ZERO;

  SimTime(Schedule schedule) {
    this.schedule = schedule;
  }

  /** Somebody sets the clock. */
  void jump(Duration by) {
    offset = offset.plus(by);
  }

  @Override
  public Instant now() {
    return START.plusNanos(schedule.nanos()).plus(offset);
  }

  @Override
  public long nanos() {
    return schedule.nanos();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    schedule.sleep(duration.toNanos());
  }
}
