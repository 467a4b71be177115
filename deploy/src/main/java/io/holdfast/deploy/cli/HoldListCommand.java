package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.Rows;
import java.util.List;
import picocli.CommandLine.Command;

@Command(name = "ls", aliases = "list", description = "List the holds that aren't released.")
final class HoldListCommand extends AdminCommand {
  private static final List<String> COLUMNS = List.of("hold", "set", "actor", "count", "reason");

  HoldListCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    try (Rows rows = output.rows("hold", COLUMNS)) {
      link.holds(hold -> rows.add(HoldViews.fields(hold)));
      rows.noteIfEmpty("No snapshot is held.");
    }
    return ExitCode.OK;
  }
}
