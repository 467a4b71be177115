package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "remove",
    description = "Let somebody act here no longer, by any token. What he did stays on record.")
final class UserRemoveCommand extends AdminCommand {
  @Parameters(paramLabel = "USER", description = "The name.")
  private String name;

  UserRemoveCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    output.result("user", PeopleWords.fields(link.people().remove(name)));
    return ExitCode.OK;
  }
}
