package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.Rows;
import io.holdfast.proto.wire.v1.ListSnapshotsRequest;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "ls",
    aliases = "list",
    description = "List snapshots, host after host, oldest first.")
final class SnapshotListCommand extends AdminCommand {
  private static final List<String> COLUMNS =
      List.of(
          "snapshot",
          "host",
          "time",
          "outcome",
          "state",
          "files",
          "logical_bytes",
          "sent_bytes",
          "sources");

  private static final List<String> DELETED_COLUMNS =
      List.of("snapshot", "host", "time", "deleted", "deleted_by", "undo_until", "sources");

  @Parameters(
      paramLabel = "HOST",
      arity = "0..1",
      defaultValue = "",
      description = "Name, or id or its beginning (default: all hosts).")
  private String host;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "0",
      description = "The newest so many only (default: all).")
  private int limit;

  @Option(
      names = "--deleted",
      description = "Those that are deleted and can be had back, and until when.")
  private boolean deleted;

  SnapshotListCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    ListSnapshotsRequest request =
        ListSnapshotsRequest.newBuilder().setHost(host).setLimit(limit).setDeleted(deleted).build();
    try (Rows rows = output.rows("snapshot", deleted ? DELETED_COLUMNS : COLUMNS)) {
      link.snapshots(request, snapshot -> rows.add(WireViews.fields(snapshot)));
      rows.noteIfEmpty(
          deleted
              ? "No snapshot is deleted that could be had back."
              : "No snapshot yet: make one by `holdfast backup HOST PATH`.");
    }
    return ExitCode.OK;
  }
}
