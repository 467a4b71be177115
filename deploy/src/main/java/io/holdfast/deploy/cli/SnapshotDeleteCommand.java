package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.DeleteSnapshotsAnswer;
import io.holdfast.proto.wire.v1.DeleteSnapshotsRequest;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "delete",
    description = {
      "Delete snapshots: all of them, or none. They can be had back for a while by `holdfast"
          + " snapshot undelete`; `snapshot ls --deleted` shows until when.",
      "A snapshot that is held isn't deleted."
    })
final class SnapshotDeleteCommand extends AdminCommand {
  @Parameters(paramLabel = "SNAPSHOT", arity = "1..*", description = SnapshotName.DESCRIPTION)
  private List<String> snapshots;

  @Option(names = "--yes", description = "They are to go, and that is wanted.")
  private boolean confirmed;

  SnapshotDeleteCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    DeleteSnapshotsRequest request =
        DeleteSnapshotsRequest.newBuilder()
            .addAllSnapshots(snapshots.stream().map(this::named).toList())
            .setConfirmed(confirmed)
            .build();
    DeleteSnapshotsAnswer answer = link.deleteSnapshots(request);
    output.result(
        "deleted",
        new Fields()
            .ids("deleted", answer.getSnapshotsList())
            .time("undo_until", answer.getUndoUntilMillis()));
    return ExitCode.OK;
  }
}
