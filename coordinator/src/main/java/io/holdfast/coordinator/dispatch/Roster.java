package io.holdfast.coordinator.dispatch;

import io.holdfast.common.id.SeriesId;
import io.holdfast.coordinator.schedule.plan.Duty;
import io.holdfast.coordinator.schedule.plan.Series;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which hosts are in which data classes, to look up. Immutable; made for many rounds. */
final class Roster {
  private final List<Duty> duties;
  private final Map<Series, Assignment> bySeries = new HashMap<>();
  private final Map<SeriesId, Assignment> byId = new HashMap<>();

  Roster(List<Assignment> assignments) {
    this.duties = assignments.stream().map(Assignment::duty).toList();
    for (Assignment each : assignments) {
      bySeries.put(each.duty().series(), each);
      byId.put(each.id(), each);
    }
  }

  List<Duty> duties() {
    return duties;
  }

  /** That of one of the duties. */
  Assignment get(Series series) {
    return bySeries.get(series);
  }

  Optional<Assignment> find(SeriesId series) {
    return Optional.ofNullable(byId.get(series));
  }
}
