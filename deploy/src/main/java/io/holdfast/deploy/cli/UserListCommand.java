package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.Rows;
import java.util.List;
import picocli.CommandLine.Command;

@Command(name = "ls", aliases = "list", description = "List who may act here, and in which role.")
final class UserListCommand extends AdminCommand {
  UserListCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    List<String> columns = List.of("user", "role", "tokens", "set", "set_by");
    try (Rows rows = output.rows("user", columns)) {
      link.people().people(person -> rows.add(PeopleWords.fields(person)));
      rows.noteIfEmpty("Nobody yet but who may use the socket: see holdfast user add --help");
    }
    return ExitCode.OK;
  }
}
