package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.ReleaseHoldRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "release",
    description = "Release a hold: rules and people may delete again what it kept.")
final class HoldReleaseCommand extends AdminCommand {
  @Parameters(paramLabel = "HOLD", description = "Its name or id.")
  private String hold;

  @Option(names = "--yes", description = "What it held may go, and that is wanted.")
  private boolean confirmed;

  HoldReleaseCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    ReleaseHoldRequest request =
        ReleaseHoldRequest.newBuilder().setHold(hold).setConfirmed(confirmed).build();
    output.result("released", HoldViews.fields(link.releaseHold(request)));
    return ExitCode.OK;
  }
}
