package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.Rows;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "ls",
    aliases = "list",
    description = "List access tokens, the newest first: your own, or as an admin everybody's.")
final class UserTokenListCommand extends AdminCommand {
  @Parameters(
      paramLabel = "USER",
      arity = "0..1",
      defaultValue = "",
      description = "Whose (default: all that you may see).")
  private String name;

  UserTokenListCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    List<String> columns = List.of("token", "user", "purpose", "created", "expires", "revoked");
    try (Rows rows = output.rows("access_token", columns)) {
      link.people().tokens(name, token -> rows.add(PeopleWords.fields(token)));
      rows.noteIfEmpty("No token yet: make one by `holdfast user token create USER`.");
    }
    return ExitCode.OK;
  }
}
