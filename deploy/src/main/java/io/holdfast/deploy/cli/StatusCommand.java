package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.StatusAnswer;
import picocli.CommandLine.Command;

@Command(name = "status", description = "Show how the coordinator is, and what needs attention.")
final class StatusCommand extends AdminCommand {
  StatusCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    output.result("status", fields(link.status()));
    return ExitCode.OK;
  }

  private static Fields fields(StatusAnswer status) {
    return new Fields()
        .text("version", status.getVersion())
        .id("fleet", status.getFleet())
        .id("repository", status.getRepository())
        .id("coordinator", status.getCoordinator())
        .flag("leader", status.getLeader())
        .count("term", status.getAuthority().getTerm())
        .count("journal_seq", status.getAuthority().getSeq())
        .time("started", status.getStartedMillis())
        .count("hosts", status.getHosts())
        .count("hosts_connected", status.getHostsConnected())
        .count("snapshots", status.getSnapshots())
        .count("snapshots_unproven", status.getSnapshotsUnproven())
        .count("jobs_running", status.getJobsRunning())
        .text("vault", status.getVault())
        .size("vault_stored_bytes", status.getVaultStoredBytes())
        .size("vault_free_bytes", status.getVaultFreeBytes())
        .texts("warnings", status.getWarningsList());
  }
}
