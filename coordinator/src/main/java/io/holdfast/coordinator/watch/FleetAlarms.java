package io.holdfast.coordinator.watch;

import io.holdfast.coordinator.absence.Absence;
import io.holdfast.coordinator.absence.AbsenceAlarms;
import io.holdfast.coordinator.absence.AbsenceReport;
import io.holdfast.coordinator.absence.FailedBackups;
import io.holdfast.coordinator.absence.LastRuns;
import io.holdfast.coordinator.alarm.Alarm;
import io.holdfast.coordinator.alarm.AlarmKind;
import io.holdfast.coordinator.alarm.AlarmSource;
import io.holdfast.coordinator.alarm.Look;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.journal.MutationSealer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** What is wrong with the protection of hosts. Any thread. */
final class FleetAlarms implements AlarmSource {
  private final Supplier<CatalogView> views;
  private final Absence absence;
  private final FailedBackups failed;

  FleetAlarms(Supplier<CatalogView> views, Absence absence, MutationSealer mutations) {
    this.views = views;
    this.absence = absence;
    this.failed = new FailedBackups(mutations);
  }

  @Override
  public Set<AlarmKind> kinds() {
    Set<AlarmKind> kinds = new HashSet<>(AbsenceAlarms.KINDS);
    kinds.add(AlarmKind.BACKUP_FAILED);
    return kinds;
  }

  @Override
  public Look look(Instant now) {
    return lookAround(now).look();
  }

  /** A look, with what it was found from. */
  record Around(AbsenceReport report, LastRuns runs, Look look) {}

  Around lookAround(Instant now) {
    AbsenceReport report = absence.report(now);
    try (CatalogView view = views.get()) {
      LastRuns runs = LastRuns.of(view, report);
      List<Alarm> alarms = new ArrayList<>(AbsenceAlarms.of(report));
      alarms.addAll(failed.of(view, report, runs));
      return new Around(report, runs, Look.certain(alarms));
    }
  }
}
