package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.Rows;
import io.holdfast.proto.wire.v1.PlannedSnapshot;
import io.holdfast.proto.wire.v1.SnapshotFate;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "plan",
    description = {
      "Show what would become of each snapshot now, and why. Nothing is changed.",
      "Those of one source stand together, the newest first."
    })
final class RetentionPlanCommand extends AdminCommand {
  private static final List<String> COLUMNS =
      List.of("snapshot", "host", "time", "fate", "rules", "reasons");

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "",
      description = "Name, or id or its beginning (default: all hosts).")
  private String host;

  RetentionPlanCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    try (Rows rows = output.rows("planned_snapshot", COLUMNS)) {
      link.planRetention(host, planned -> rows.add(fields(planned)));
      rows.noteIfEmpty("No snapshot yet: make one by `holdfast backup HOST PATH`.");
    }
    return ExitCode.OK;
  }

  private static Fields fields(PlannedSnapshot planned) {
    return new Fields()
        .id("snapshot", planned.getSnapshot())
        .text("host", planned.getHostName())
        .id("host_id", planned.getHost())
        .time("time", planned.getTimeMillis())
        .text("fate", word(planned.getFate()))
        .texts("rules", planned.getRulesList())
        .texts("reasons", planned.getReasonsList());
  }

  private static String word(SnapshotFate fate) {
    return switch (fate) {
      case SNAPSHOT_FATE_KEEP -> "keep";
      case SNAPSHOT_FATE_EXPIRE -> "expire";
      case SNAPSHOT_FATE_UNDELETE -> "undelete";
      case SNAPSHOT_FATE_AWAIT -> "deleted";
      case SNAPSHOT_FATE_DROP -> "forget";
      case SNAPSHOT_FATE_UNSPECIFIED, UNRECOGNIZED -> "unknown";
    };
  }
}
