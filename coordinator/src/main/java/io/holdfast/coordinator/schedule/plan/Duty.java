package io.holdfast.coordinator.schedule.plan;

import io.holdfast.coordinator.schedule.Schedule;
import java.time.Instant;
import java.util.Optional;

/**
 * A series and how it is to run.
 *
 * @param since when this schedule began to hold for this host; no time before it was missed
 * @param vault where its packs go
 * @param priority the higher, the earlier among those that wait
 * @param place the series', which costs a hash, and is asked for again and again
 */
public record Duty(
    Series series,
    Schedule schedule,
    Instant since,
    String vault,
    Optional<String> group,
    int priority,
    long place) {
  public Duty(
      Series series,
      Schedule schedule,
      Instant since,
      String vault,
      Optional<String> group,
      int priority) {
    this(series, schedule, since, vault, group, priority, series.place());
  }
}
