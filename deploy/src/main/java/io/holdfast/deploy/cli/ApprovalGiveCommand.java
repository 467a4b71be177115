package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "give",
    description = {
      "Let it happen, as the second person. Unless only its asker may see what comes of it, it is"
          + " carried out before this returns."
    })
final class ApprovalGiveCommand extends AdminCommand {
  @Parameters(paramLabel = "APPROVAL", description = "Its id or the beginning of that.")
  private String approval;

  ApprovalGiveCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    output.result("approval", PeopleWords.fields(link.people().give(approval)));
    return ExitCode.OK;
  }
}
