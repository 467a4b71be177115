package io.holdfast.coordinator.absence;

import io.holdfast.common.id.SeriesId;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.LastAttempt;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The last attempts of the last runs of the series of a report. */
public record LastRuns(Map<SeriesId, LastAttempt> attempts) {
  /** A few look-ups a series. */
  public static LastRuns of(CatalogView view, AbsenceReport report) {
    Map<SeriesId, LastAttempt> found = new HashMap<>();
    for (HostState host : report.hosts().values()) {
      for (SeriesState series : host.series()) {
        SeriesId id = series.expectation().target().series();
        view.jobs().last(id).ifPresent(last -> found.put(id, last));
      }
    }
    return new LastRuns(found);
  }

  public Optional<LastAttempt> of(SeriesId series) {
    return Optional.ofNullable(attempts.get(series));
  }
}
