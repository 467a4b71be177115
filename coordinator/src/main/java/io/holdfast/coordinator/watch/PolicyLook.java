package io.holdfast.coordinator.watch;

import io.holdfast.coordinator.absence.Evidence;
import io.holdfast.coordinator.absence.GoodSnapshot;
import io.holdfast.coordinator.absence.HostState;
import io.holdfast.coordinator.absence.LastRuns;
import io.holdfast.coordinator.absence.SeriesState;
import io.holdfast.coordinator.alarm.AlarmKind;
import io.holdfast.coordinator.catalog.LastAttempt;
import io.holdfast.coordinator.notify.PolicyRuns;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How the runs of each policy stand. */
final class PolicyLook {
  private PolicyLook() {}

  static List<PolicyRuns> of(FleetAlarms.Around around) {
    Set<String> failed =
        around.look().alarms().stream()
            .filter(alarm -> alarm.kind() == AlarmKind.BACKUP_FAILED)
            .map(alarm -> alarm.affected().policy())
            .collect(Collectors.toSet());
    Map<String, PolicyRuns> found = new LinkedHashMap<>();
    for (HostState host : around.report().hosts().values()) {
      for (SeriesState series : host.series()) {
        PolicyRuns runs = runs(series, around.runs(), failed);
        found.merge(runs.policy(), runs, PolicyLook::both);
      }
    }
    return List.copyOf(found.values());
  }

  private static PolicyRuns runs(SeriesState series, LastRuns runs, Set<String> failed) {
    String name = series.expectation().target().name();
    Optional<LastAttempt> last = runs.of(series.expectation().target().series());
    boolean open = last.filter(each -> each.state() == LastAttempt.State.OPEN).isPresent();
    Optional<Instant> ended =
        Stream.of(
                series.evidence().good().map(GoodSnapshot::committed).orElse(null),
                series.evidence().newer().map(Evidence.Flawed::committed).orElse(null),
                last.filter(each -> !open)
                    .map(each -> Instant.ofEpochMilli(each.timeMillis()))
                    .orElse(null))
            .filter(Objects::nonNull)
            .max(Comparator.naturalOrder());
    boolean well = !series.protection().isBad() && !failed.contains(name);
    return new PolicyRuns(series.expectation().target().policy(), open, ended, well);
  }

  private static PolicyRuns both(PolicyRuns one, PolicyRuns other) {
    Optional<Instant> ended =
        Stream.of(one.ended(), other.ended())
            .flatMap(Optional::stream)
            .max(Comparator.naturalOrder());
    return new PolicyRuns(
        one.policy(), one.open() || other.open(), ended, one.well() && other.well());
  }
}
