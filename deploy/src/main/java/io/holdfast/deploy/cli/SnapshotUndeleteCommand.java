package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.UndeleteSnapshotsRequest;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "undelete",
    description =
        "Have deleted snapshots back, as long as `holdfast snapshot ls --deleted` shows them.")
final class SnapshotUndeleteCommand extends AdminCommand {
  @Parameters(paramLabel = "SNAPSHOT", arity = "1..*", description = "Id, or its beginning.")
  private List<String> snapshots;

  SnapshotUndeleteCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    UndeleteSnapshotsRequest request =
        UndeleteSnapshotsRequest.newBuilder().addAllSnapshots(snapshots).build();
    output.result(
        "undeleted",
        new Fields().ids("undeleted", link.undeleteSnapshots(request).getSnapshotsList()));
    return ExitCode.OK;
  }
}
