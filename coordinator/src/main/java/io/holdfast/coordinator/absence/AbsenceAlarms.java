package io.holdfast.coordinator.absence;

import io.holdfast.coordinator.absence.Evidence.Flawed;
import io.holdfast.coordinator.alarm.Affected;
import io.holdfast.coordinator.alarm.Alarm;
import io.holdfast.coordinator.alarm.AlarmKind;
import io.holdfast.coordinator.alarm.Severity;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What of a report is an alarm, in words. */
public final class AbsenceAlarms {
  public static final Set<AlarmKind> KINDS =
      Set.of(
          AlarmKind.NO_POLICY,
          AlarmKind.HOST_UNPROTECTED,
          AlarmKind.HOST_NEVER_PROTECTED,
          AlarmKind.HOST_OVERDUE,
          AlarmKind.HOST_AWAY,
          AlarmKind.RESTORE_TOO_SLOW);

  private AbsenceAlarms() {}

  /** Where there is no policy at all, that is said once and not of each host. */
  public static List<Alarm> of(AbsenceReport report) {
    List<Alarm> alarms = new ArrayList<>();
    boolean none = report.policies().isEmpty() && !report.hosts().isEmpty();
    if (none) {
      alarms.add(noPolicy(report));
    }
    for (HostState host : report.hosts().values()) {
      if (host.series().isEmpty() && !none) {
        alarms.add(unprotected(host));
      }
      host.series().stream()
          .filter(series -> series.protection().isBad())
          .map(series -> late(host, series))
          .forEach(alarms::add);
      for (SeriesState series : host.series()) {
        series
            .restore()
            .flatMap(RestoreForecast::words)
            .map(words -> tooSlow(host, series, words, report.at()))
            .ifPresent(alarms::add);
      }
      host.awaySince().map(since -> away(host, since)).ifPresent(alarms::add);
    }
    return alarms;
  }

  private static Alarm noPolicy(AbsenceReport report) {
    Instant since =
        report.hosts().values().stream()
            .map(HostState::enrolled)
            .min(Instant::compareTo)
            .orElse(report.at());
    return new Alarm(
        AlarmKind.NO_POLICY,
        "fleet",
        Severity.WARNING,
        "",
        since,
        "there is no policy, so no backup is made by itself",
        "write one (holdfast policy example) and apply it: holdfast policy apply -f FILE",
        Affected.NONE);
  }

  private static Alarm unprotected(HostState host) {
    return new Alarm(
        AlarmKind.HOST_UNPROTECTED,
        host.id().toString(),
        Severity.ALARM,
        "",
        host.sorted(),
        "host " + name(host) + " is protected by nothing: no policy's selector fits it",
        "give it labels that a policy is for (holdfast host label "
            + name(host)
            + "), or revoke it: holdfast host revoke "
            + name(host),
        Affected.host(host.id().toString(), name(host)));
  }

  private static Alarm late(HostState host, SeriesState series) {
    boolean never = series.protection() == Protection.NEVER;
    Expectation.Target target = series.expectation().target();
    return new Alarm(
        never ? AlarmKind.HOST_NEVER_PROTECTED : AlarmKind.HOST_OVERDUE,
        host.id() + "/" + target.name(),
        Severity.ALARM,
        "",
        series.due(),
        (never ? "host " + name(host) + " was never protected by " : name(host) + " is overdue: ")
            + what(series, never),
        nextStep(host, series),
        new Affected(host.id().toString(), name(host), target.name()));
  }

  private static String what(SeriesState series, boolean never) {
    String policy = "policy " + series.expectation().target().name();
    String due = time(series.due());
    return never
        ? policy + ": its first good snapshot was due at " + due
        : "its newest good snapshot under "
            + policy
            + " is of "
            + time(series.evidence().good().orElseThrow().asOf())
            + ", and a newer one was due at "
            + due;
  }

  private static String nextStep(HostState host, SeriesState series) {
    return series
        .evidence()
        .newer()
        .map(newer -> flaw(host, series, newer))
        .orElseGet(() ->
            host.connected()
                ? "see what became of its jobs: holdfast job ls " + name(host)
                : "its agent isn't connected: look there (systemctl status holdfast-agent), and at"
                    + " the network between");
  }

  private static String flaw(HostState host, SeriesState series, Flawed newer) {
    String one = "the snapshot of " + time(newer.committed()) + " doesn't count: ";
    return one
        + switch (newer.flaw()) {
          case GAPS ->
              "it has "
                  + newer.gaps()
                  + " gaps and gapsLimit is "
                  + series.expectation().gapsLimit()
                  + "; see which files and why: holdfast job ls "
                  + name(host);
          case DAMAGED ->
              "it lacks what is lost; run a backup, which heals what the host still has";
          case UNPROVEN -> "it should have been proven by now; see the coordinator's log";
        };
  }

  private static Alarm tooSlow(HostState host, SeriesState series, String words, Instant since) {
    String target = series.expectation().target().name();
    return new Alarm(
        AlarmKind.RESTORE_TOO_SLOW,
        host.id() + "/" + target,
        Severity.WARNING,
        "",
        since,
        "host " + name(host) + ", policy " + target + ": " + words,
        "make restores faster, split the data class, or promise less (objectives.rto); each restore"
            + " of 16 MiB or more measures anew",
        new Affected(host.id().toString(), name(host), target));
  }

  private static Alarm away(HostState host, Instant since) {
    return new Alarm(
        AlarmKind.HOST_AWAY,
        host.id().toString(),
        Severity.WARNING,
        "",
        since,
        "host " + name(host) + " hasn't been connected since " + time(since),
        "start its agent, or revoke the host if it is gone: holdfast host revoke " + name(host),
        Affected.host(host.id().toString(), name(host)));
  }

  /** A host chooses its name itself. */
  static String name(HostState host) {
    String name = host.name().isEmpty() ? host.id().toString() : host.name();
    return name.replaceAll("\\p{Cntrl}", "?");
  }

  private static String time(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
