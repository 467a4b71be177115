package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "show",
    description = {
      "Show one snapshot.",
      "Proof says how far all of it was found good, when, and by which coordinator in which term:"
          + " in a record of the journal, which that coordinator signed. `holdfast audit verify`"
          + " reads all records again. What was lost later is in the state."
    })
final class SnapshotShowCommand extends AdminCommand {
  @Parameters(paramLabel = "SNAPSHOT", description = SnapshotName.DESCRIPTION)
  private String snapshot;

  SnapshotShowCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    output.result("snapshot", WireViews.fields(link.snapshot(named(snapshot))));
    return ExitCode.OK;
  }
}
