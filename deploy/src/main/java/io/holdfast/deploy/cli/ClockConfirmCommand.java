package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "confirm",
    description = {
      "Say that the coordinator's clock is right, after comparing it with another one.",
      "A clock that jumped, or that nobody watched, is doubted, and nothing expires by it until it"
          + " is confirmed or has run evenly for a week."
    })
final class ClockConfirmCommand extends AdminCommand {
  @Option(names = "--yes", description = "It was compared, and is right.")
  private boolean confirmed;

  ClockConfirmCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    output.result("clock", ClockViews.fields(link.confirmClock(confirmed)));
    return ExitCode.OK;
  }
}
