package io.holdfast.coordinator.schedule;

import io.holdfast.common.unit.DataRate;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/** Limits of bandwidth by time of day: the first that is in force counts. */
public record RatePlan(List<Limit> limits) {
  public static final RatePlan UNLIMITED = new RatePlan(List.of());

  /**
   * One limit.
   *
   * @param during when it is in force; empty for always
   */
  public record Limit(DataRate rate, Optional<Window> during) {
    private Windows windows() {
      return during.map(window -> new Windows(List.of(window))).orElse(Windows.ALWAYS);
    }

    private boolean isInForce(Instant time, ZoneId zone) {
      return windows().next(time, zone).contains(time);
    }
  }

  public RatePlan {
    limits = List.copyOf(limits);
  }

  public DataRate at(Instant time, ZoneId zone) {
    return limits.stream()
        .filter(limit -> limit.isInForce(time, zone))
        .findFirst()
        .map(Limit::rate)
        .orElse(DataRate.UNLIMITED);
  }

  /** When the limit may be another one next; empty if it never changes. */
  public Optional<Instant> nextChange(Instant after, ZoneId zone) {
    return limits.stream()
        .filter(limit -> limit.during().isPresent())
        .flatMap(limit -> limit.windows().nextBoundary(after, zone).stream())
        .min(Instant::compareTo);
  }
}
