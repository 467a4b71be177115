package io.holdfast.coordinator.retention;

import io.holdfast.coordinator.retention.clock.ClockDoubt;
import io.holdfast.coordinator.retention.clock.ClockReading;
import io.holdfast.coordinator.retention.clock.ClockStanding;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Situations of tests: the site has the keys, nothing is approved. */
final class Situations {
  private Situations() {}

  static Situation at(Instant now) {
    return new Situation(clock(now, Optional.empty()), true, Approval.NONE);
  }

  static Situation at(Instant now, Approval approval) {
    return new Situation(clock(now, Optional.empty()), true, approval);
  }

  static Situation keylessAt(Instant now) {
    return new Situation(clock(now, Optional.empty()), false, Approval.NONE);
  }

  static Situation doubtedAt(Instant now) {
    ClockDoubt doubt =
        new ClockDoubt(ClockDoubt.Cause.FORWARD, now, Duration.ofDays(3_652), Duration.ZERO);
    return new Situation(clock(now, Optional.of(doubt)), true, Approval.NONE);
  }

  private static ClockStanding clock(Instant now, Optional<ClockDoubt> doubt) {
    return new ClockStanding(new ClockReading(now, 0, now), Duration.ZERO, now, doubt);
  }
}
