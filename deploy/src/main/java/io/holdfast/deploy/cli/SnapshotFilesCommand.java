package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Listing;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.ListFilesRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "files", description = "List the files in a snapshot.")
final class SnapshotFilesCommand extends AdminCommand {
  @Parameters(index = "0", paramLabel = "SNAPSHOT", description = SnapshotName.DESCRIPTION)
  private String snapshot;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "PATH",
      defaultValue = "",
      description = "Directory or file (default: the top).")
  private String path;

  @Mixin private Selection selection;

  @Option(
      names = {"-r", "--recursive"},
      description = "Everything below it too.")
  private boolean recursive;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "0",
      description = "At most so many (default: all).")
  private int limit;

  SnapshotFilesCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    ListFilesRequest request =
        ListFilesRequest.newBuilder()
            .setSnapshot(snapshot)
            .setPath(selection.path(path))
            .setRecursive(recursive)
            .setLimit(limit)
            .build();
    Listing listing = output.listing("file");
    link.files(
        request,
        file -> listing.add(() -> WireViews.fields(file), () -> FileLine.of(file, output)));
    return ExitCode.OK;
  }
}
