package io.holdfast.coordinator.absence;

import io.holdfast.common.id.HostId;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How a host stands.
 *
 * @param enrolled when it came
 * @param sorted when its labels or facts last moved it between policies, or when it came
 * @param series its data classes, in the order of policies
 * @param awaySince when it was last seen, if that is too long ago
 */
public record HostState(
    HostId id,
    String name,
    Instant enrolled,
    Instant sorted,
    boolean connected,
    List<SeriesState> series,
    Optional<Instant> awaySince) {
  public HostState {
    series = List.copyOf(series);
  }

  /** The worst of its data classes'. */
  public Protection protection() {
    return series.stream()
        .map(SeriesState::protection)
        .max(Comparator.naturalOrder())
        .orElse(Protection.NOTHING);
  }

  /** Since when it is in that state; empty for a good one. */
  public Optional<Instant> since() {
    Protection worst = protection();
    if (worst == Protection.NOTHING) {
      return Optional.of(sorted);
    }
    return series.stream()
        .filter(each -> worst.isBad() && each.protection() == worst)
        .map(SeriesState::due)
        .min(Comparator.naturalOrder());
  }
}
