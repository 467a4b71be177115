package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.Rows;
import java.util.List;
import picocli.CommandLine.Command;

@Command(name = "ls", aliases = "list", description = "List the policies in force.")
final class PolicyListCommand extends AdminCommand {
  private static final List<String> COLUMNS =
      List.of("policy", "version", "applied", "actor", "data_classes", "hosts");

  PolicyListCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    try (Rows rows = output.rows("policy", COLUMNS)) {
      link.policies(policy -> rows.add(PolicyViews.fields(policy)));
      rows.noteIfEmpty("No policy yet: `holdfast policy example` shows how they are written.");
    }
    return ExitCode.OK;
  }
}
