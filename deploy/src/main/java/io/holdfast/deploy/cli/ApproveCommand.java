package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Lets pass what something waits with, for a while: an amount, and not a list. */
abstract class ApproveCommand extends AdminCommand {
  @Option(
      names = "--valid",
      paramLabel = "TIME",
      defaultValue = "7d",
      converter = DurationOption.class,
      description = "How long this holds (default: ${DEFAULT-VALUE}).")
  private Duration valid;

  ApproveCommand(GlobalOptions options) {
    super(options);
  }

  /** What was approved, and until when, milliseconds since 1970. */
  record Approved(Fields what, long untilMillis) {}

  abstract Approved approve(AdminLink link, Duration valid);

  @Override
  final ExitCode run(AdminLink link, Output output) {
    Approved approved = approve(link, valid);
    output.result("approval", approved.what().time("valid_until", approved.untilMillis()));
    return ExitCode.OK;
  }
}
