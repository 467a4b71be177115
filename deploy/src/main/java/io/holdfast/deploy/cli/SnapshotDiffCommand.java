package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Listing;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.SafeText;
import io.holdfast.proto.wire.v1.DiffSnapshotsRequest;
import io.holdfast.proto.wire.v1.Difference;
import io.holdfast.proto.wire.v1.File;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "diff",
    description = {
      "Show what differs between two snapshots.",
      "+ added, - removed, M content, U metadata only, T another type."
    })
final class SnapshotDiffCommand extends AdminCommand {
  @Parameters(index = "0", paramLabel = "FROM", description = SnapshotName.DESCRIPTION)
  private String from;

  @Parameters(index = "1", paramLabel = "TO", description = "Likewise.")
  private String to;

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "PATH",
      defaultValue = "",
      description = "Only at and below it (default: all).")
  private String path;

  @Mixin private Selection selection;

  SnapshotDiffCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    DiffSnapshotsRequest request =
        DiffSnapshotsRequest.newBuilder()
            .setFrom(named(from))
            .setTo(named(to))
            .setPath(selection.path(path))
            .build();
    Listing listing = output.listing("difference");
    link.differences(
        request, difference -> listing.add(() -> fields(difference), () -> line(difference)));
    listing.noteIfEmpty("No difference.");
    return ExitCode.OK;
  }

  private static Fields fields(Difference difference) {
    Fields fields =
        new Fields()
            .name("path", named(difference).getPath())
            .text("change", WireViews.changeName(difference.getKind()));
    if (difference.hasFrom()) {
      fields.group("from", WireViews.fields(difference.getFrom()));
    }
    return difference.hasTo() ? fields.group("to", WireViews.fields(difference.getTo())) : fields;
  }

  private static String line(Difference difference) {
    return WireViews.changeLetter(difference.getKind())
        + " "
        + SafeText.of(named(difference).getPath());
  }

  private static File named(Difference difference) {
    return difference.hasTo() ? difference.getTo() : difference.getFrom();
  }
}
