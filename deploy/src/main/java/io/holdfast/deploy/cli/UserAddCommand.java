package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.AddPersonRequest;
import io.holdfast.proto.wire.v1.PersonRole;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "add",
    description = "Let somebody act here. The next step is a token: holdfast user token create.")
final class UserAddCommand extends AdminCommand {
  @Parameters(paramLabel = "USER", description = "Up to 64 of a-z, 0-9, dot, dash and underscore.")
  private String name;

  @Option(
      names = "--role",
      required = true,
      paramLabel = "ROLE",
      converter = PeopleWords.RoleOption.class,
      description =
          "viewer sees how the fleet is; operator backs up and restores, too; admin decides about"
              + " policies, keys, hosts and people, too.")
  private PersonRole role;

  UserAddCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    AddPersonRequest request = AddPersonRequest.newBuilder().setName(name).setRole(role).build();
    output.result("user", PeopleWords.fields(link.people().add(request)));
    output.note("Next: holdfast user token create " + name);
    return ExitCode.OK;
  }
}
