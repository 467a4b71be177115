package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.Rows;
import io.holdfast.proto.wire.v1.ListApprovalsRequest;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "ls",
    aliases = "list",
    description = {
      "List what waits for a second person, the newest first.",
      "What is given waits for who asked: he runs the same command again. What is interrupted was"
          + " begun when the coordinator stopped, and may have been done: look, and ask anew."
    })
final class ApprovalListCommand extends AdminCommand {
  @Option(names = "--all", description = "What was decided or has run out, too.")
  private boolean all;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "The newest so many (default: ${DEFAULT-VALUE}).")
  private int limit;

  ApprovalListCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    List<String> columns =
        List.of("approval", "kind", "state", "asker", "asked", "expires", "effect");
    ListApprovalsRequest request =
        ListApprovalsRequest.newBuilder().setAll(all).setLimit(limit).build();
    try (Rows rows = output.rows("approval", columns)) {
      link.people().approvals(request, approval -> rows.add(PeopleWords.fields(approval)));
      rows.noteIfEmpty(all ? "Nothing was ever asked for." : "Nothing waits.");
    }
    return ExitCode.OK;
  }
}
