package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.PeopleText;
import io.holdfast.proto.wire.v1.Alarm;
import io.holdfast.proto.wire.v1.ProtectionTotals;
import io.holdfast.proto.wire.v1.StatusAnswer;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

@Command(
    name = "status",
    description = {
      "Show what is wrong, how hosts are protected, and how the coordinator is.",
      "Exit codes: 0 no alarm, warnings perhaps; 4 an alarm."
    })
final class StatusCommand extends AdminCommand {
  StatusCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    StatusAnswer status = link.status();
    if (output.isJson()) {
      output.json("status", programs(status));
    } else {
      alarms(status, output);
      output.result("status", fields(status).texts("warnings", otherWarnings(status)));
    }
    return status.getAlarmsUp() > 0 ? ExitCode.ALARM : ExitCode.OK;
  }

  private static Fields programs(StatusAnswer status) {
    return fields(status)
        .texts("warnings", status.getWarningsList())
        .count("alarms_up", status.getAlarmsUp())
        .count("warnings_up", status.getWarningsUp())
        .groups("alarms", status.getAlarmsList().stream().map(AlarmViews::fields).toList());
  }

  /** What is wrong comes first; where nothing is, that is said in one line. */
  private static void alarms(StatusAnswer status, Output output) {
    long up = status.getAlarmsUp() + status.getWarningsUp();
    if (up == 0) {
      output.line("No alarm.");
    }
    for (Alarm alarm : status.getAlarmsList()) {
      AlarmViews.lines(alarm, output.people()).forEach(output::line);
    }
    long more = up - status.getAlarmsCount();
    if (more > 0) {
      output.line("and " + PeopleText.count(more) + " more: holdfast host ls");
    }
    output.line("");
  }

  /** Those that no alarm says. */
  private static List<String> otherWarnings(StatusAnswer status) {
    Set<String> said =
        status.getAlarmsList().stream().map(AlarmViews::line).collect(Collectors.toSet());
    return status.getWarningsList().stream().filter(line -> !said.contains(line)).toList();
  }

  private static Fields fields(StatusAnswer status) {
    Fields fields =
        new Fields()
            .text("version", status.getVersion())
            .id("fleet", status.getFleet())
            .id("repository", status.getRepository())
            .text("repository_mode", status.getPrivateRepository() ? "private" : "shared")
            .id("coordinator", status.getCoordinator())
            .flag("leader", status.getLeader())
            .count("term", status.getAuthority().getTerm())
            .count("journal_seq", status.getAuthority().getSeq())
            .time("started", status.getStartedMillis())
            .count("hosts", status.getHosts())
            .count("hosts_connected", status.getHostsConnected());
    if (status.hasProtection()) {
      fields.group("protection", protection(status.getProtection()));
    }
    return fields
        .count("snapshots", status.getSnapshots())
        .count("snapshots_unproven", status.getSnapshotsUnproven())
        .count("jobs_running", status.getJobsRunning())
        .text("vault", status.getVault())
        .size("vault_stored_bytes", status.getVaultStoredBytes())
        .size("vault_free_bytes", status.getVaultFreeBytes());
  }

  private static Fields protection(ProtectionTotals totals) {
    return new Fields()
        .count("protected", totals.getProtected())
        .count("awaited", totals.getAwaited())
        .count("overdue", totals.getOverdue())
        .count("never", totals.getNever())
        .count("by_nothing", totals.getNothing())
        .count("away", totals.getAway())
        .count("restores_too_slow", totals.getRestoresTooSlow())
        .count("restores_unmeasured", totals.getRestoresUnmeasured());
  }
}
