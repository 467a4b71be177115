package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "revoke",
    description =
        "Refuse an access token from now on; calls that are open end within a second of it.")
final class UserTokenRevokeCommand extends AdminCommand {
  @Parameters(paramLabel = "TOKEN", description = "Its id or the beginning of that, as listed.")
  private String token;

  UserTokenRevokeCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    output.result("access_token", PeopleWords.fields(link.people().revokeToken(token)));
    return ExitCode.OK;
  }
}
