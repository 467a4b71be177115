package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import picocli.CommandLine.Command;

@Command(
    name = "show",
    description =
        "Show the coordinator's clock, and whether snapshots expire by it or it is doubted.")
final class ClockShowCommand extends AdminCommand {
  ClockShowCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    output.result("clock", ClockViews.fields(link.clock()));
    return ExitCode.OK;
  }
}
