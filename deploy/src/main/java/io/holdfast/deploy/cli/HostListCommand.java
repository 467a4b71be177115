package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.Rows;
import io.holdfast.deploy.output.SafeText;
import io.holdfast.proto.wire.v1.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

@Command(
    name = "ls",
    aliases = "list",
    description = "List the fleet's hosts, and how each is protected.")
final class HostListCommand extends AdminCommand {
  private static final int NAMED_MAX = 5;

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
            "system",
            "labels");
    List<String> told = new ArrayList<>();
    try (Rows rows = output.rows("host", columns)) {
      link.hosts(host -> {
        rows.add(fields(host));
        if (host.hasTold()) {
          told.add(host.getName());
        }
      });
      rows.noteIfEmpty("No host yet: make a token by `holdfast token create`, and enrol one.");
    }
    if (!told.isEmpty()) {
      warnOf(told, output);
    }
    return ExitCode.OK;
  }

  private static void warnOf(List<String> told, Output output) {
    String others = told.size() > NAMED_MAX ? " and " + (told.size() - NAMED_MAX) + " more" : "";
    output.warning(
        told.stream().limit(NAMED_MAX).map(SafeText::of).collect(Collectors.joining(", "))
            + others
            + ": what was told there of the host itself waits, since stored snapshots may go by it;"
            + " see `holdfast host facts HOST`");
  }

  private static Fields fields(Host host) {
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
        .text("system", HostViews.system(host.getFacts()))
        .text("agent_version", host.getFacts().getVersion())
        .text("told_system", HostViews.system(host.getTold()))
        .labels("labels", host.getFacts().getLabelsMap());
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
}
