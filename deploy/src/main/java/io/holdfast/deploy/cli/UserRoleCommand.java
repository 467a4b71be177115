package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.PersonRole;
import io.holdfast.proto.wire.v1.SetRoleRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "role",
    description = "Give somebody another role; calls that are open go by it within a second.")
final class UserRoleCommand extends AdminCommand {
  @Parameters(index = "0", paramLabel = "USER", description = "The name.")
  private String name;

  @Parameters(
      index = "1",
      paramLabel = "ROLE",
      converter = PeopleWords.RoleOption.class,
      description = "viewer, operator or admin.")
  private PersonRole role;

  UserRoleCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    SetRoleRequest request = SetRoleRequest.newBuilder().setName(name).setRole(role).build();
    output.result("user", PeopleWords.fields(link.people().setRole(request)));
    return ExitCode.OK;
  }
}
