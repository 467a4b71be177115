package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.Rows;
import io.holdfast.proto.wire.v1.Host;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
    name = "ls",
    aliases = "list",
    description = "List the fleet's hosts, and how each is protected.")
final class HostListCommand extends AdminCommand {
  HostListCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    List<String> columns =
        List.of(
            "host",
            "name",
            "state",
            "protection",
            "last_backup",
            "last_snapshot",
            "snapshots",
            "stored_bytes",
            "system");
    try (Rows rows = output.rows("host", columns)) {
      link.hosts(host -> rows.add(fields(host)));
      rows.noteIfEmpty("No host yet: make a token by `holdfast token create`, and enrol one.");
    }
    return ExitCode.OK;
  }

  private static Fields fields(Host host) {
    Fields labels = new Fields();
    host.getFacts().getLabelsMap().forEach(labels::text);
    return new Fields()
        .id("host", host.getHost())
        .text("name", host.getName())
        .text("state", state(host))
        .text("protection", AlarmViews.protection(host))
        .time("protection_since", host.getProtectionSinceMillis())
        .time("enrolled", host.getEnrolledMillis())
        .time("last_backup", host.getLastBackupMillis())
        .id("last_snapshot", host.getLastSnapshot())
        .count("snapshots", host.getSnapshots())
        .size("stored_bytes", host.getStoredBytes())
        .size("quota_bytes", host.getQuotaBytes())
        .id("former", host.getFormer())
        .texts("moved_to", host.getMove().getCoordinatorsList())
        .time("move_ordered", host.getMove().getOrderedMillis())
        .time("moved", host.getMove().getMovedMillis())
        .id("new_repository", host.getMove().getRepository())
        .id("new_host", host.getMove().getNewHost())
        .time("certificate_expires", host.getCertificateExpiresMillis())
        .text("system", system(host))
        .text("agent_version", host.getFacts().getVersion())
        .group("labels", labels);
  }

  private static String state(Host host) {
    if (host.getErased()) {
      return "erased";
    }
    if (host.getMove().getMovedMillis() > 0) {
      return "moved to " + String.join(", ", host.getMove().getCoordinatorsList());
    }
    if (host.getDecommissioned()) {
      return "decommissioned";
    }
    if (host.getRevoked()) {
      return "revoked";
    }
    if (host.hasMove()) {
      return "moving";
    }
    return host.getConnected() ? "connected" : "away";
  }

  private static String system(Host host) {
    return (host.getFacts().getOperatingSystem() + " " + host.getFacts().getArchitecture()).strip();
  }
}
