package io.holdfast.coordinator.absence;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.coordinator.alarm.Affected;
import io.holdfast.coordinator.alarm.Alarm;
import io.holdfast.coordinator.alarm.AlarmKind;
import io.holdfast.coordinator.alarm.Severity;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.LastAttempt;
import io.holdfast.coordinator.catalog.RecordedJob;
import io.holdfast.coordinator.journal.MutationSealer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Which series' last run failed for good: no attempt is left, and nothing good came since. */
public final class FailedBackups {
  private final MutationSealer mutations;

  public FailedBackups(MutationSealer mutations) {
    this.mutations = mutations;
  }

  /** Of the hosts of {@code report}. */
  public List<Alarm> of(CatalogView view, AbsenceReport report, LastRuns runs) {
    List<Alarm> alarms = new ArrayList<>();
    for (HostState host : report.hosts().values()) {
      for (SeriesState series : host.series()) {
        runs.of(series.expectation().target().series())
            .filter(last -> isFailure(last, series))
            .map(last -> alarm(view, host, series, last))
            .ifPresent(alarms::add);
      }
    }
    return alarms;
  }

  private static boolean isFailure(LastAttempt last, SeriesState series) {
    boolean wentWellSince =
        series
            .evidence()
            .good()
            .filter(good -> good.committed().toEpochMilli() > last.timeMillis())
            .isPresent();
    return last.state() == LastAttempt.State.FAILED
        && !series.expectation().schedule().retries().hasAfter(last.run().getAttempt())
        && !wentWellSince;
  }

  private Alarm alarm(CatalogView view, HostState host, SeriesState series, LastAttempt last) {
    Expectation.Target target = series.expectation().target();
    return new Alarm(
        AlarmKind.BACKUP_FAILED,
        host.id() + "/" + target.name(),
        Severity.ALARM,
        "",
        Instant.ofEpochMilli(last.timeMillis()),
        "the last backup of host "
            + AbsenceAlarms.name(host)
            + " under policy "
            + target.name()
            + " failed: "
            + why(view, last),
        "see holdfast job show " + last.job(),
        new Affected(host.id().toString(), AbsenceAlarms.name(host), target.name()));
  }

  private String why(CatalogView view, LastAttempt last) {
    Optional<RecordedJob.End> end = view.jobs().find(last.job()).flatMap(RecordedJob::end);
    String said =
        end.flatMap(each -> mutations.open(each.mutation()))
            .map(details -> details.getJobEnd().getMessage())
            .orElse("");
    return said.isEmpty()
        ? end.map(each -> code(each.ended().getError())).orElse("no cause is known")
        : said.replaceAll("\\p{Cntrl}", " ");
  }

  private static String code(int number) {
    return Arrays.stream(ErrorCode.values())
        .filter(code -> code.number() == number)
        .map(ErrorCode::name)
        .findFirst()
        .orElse("error " + number);
  }
}
