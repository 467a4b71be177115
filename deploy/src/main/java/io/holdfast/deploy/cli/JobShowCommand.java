package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "show",
    description = "Show one job: who asked for what, how it ended, and what was left out.")
final class JobShowCommand extends AdminCommand {
  @Parameters(paramLabel = "JOB", description = "Its id or the beginning of that.")
  private String job;

  JobShowCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    output.result("job", JobFields.of(link.job(job)));
    return ExitCode.OK;
  }
}
