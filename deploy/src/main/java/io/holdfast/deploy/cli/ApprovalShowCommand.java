package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "show",
    description = "Show what would be done, who asked for it, and what became of that.")
final class ApprovalShowCommand extends AdminCommand {
  @Parameters(paramLabel = "APPROVAL", description = "Its id or the beginning of that.")
  private String approval;

  ApprovalShowCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    output.result("approval", PeopleWords.fields(link.people().approval(approval)));
    return ExitCode.OK;
  }
}
