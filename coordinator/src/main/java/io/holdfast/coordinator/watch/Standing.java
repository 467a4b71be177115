package io.holdfast.coordinator.watch;

import io.holdfast.coordinator.absence.AbsenceReport;
import io.holdfast.coordinator.alarm.Alarm;
import io.holdfast.coordinator.alarm.Severity;
import java.util.List;
import java.util.Optional;

/**
 * How things are.
 *
 * @param report of the hosts; empty if the catalog couldn't be read
 * @param alarms those up, the worst first
 */
public record Standing(Optional<AbsenceReport> report, List<Alarm> alarms) {
  public static final Standing UNKNOWN = new Standing(Optional.empty(), List.of());

  public Standing {
    alarms = List.copyOf(alarms);
  }

  public long count(Severity severity) {
    return alarms.stream().filter(alarm -> alarm.severity() == severity).count();
  }
}
