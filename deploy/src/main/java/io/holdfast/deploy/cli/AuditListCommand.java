package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.Rows;
import io.holdfast.proto.wire.v1.ListAuditRequest;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "ls", aliases = "list", description = "List what people did, the newest first.")
final class AuditListCommand extends AdminCommand {
  private static final List<String> COLUMNS = List.of("time", "actor", "action", "host", "text");

  @Mixin private AuditFilter filter;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "The newest so many (default: ${DEFAULT-VALUE}).")
  private int limit;

  AuditListCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    ListAuditRequest request = filter.request(shell()).setLimit(limit).setNewestFirst(true).build();
    try (Rows rows = output.rows("audit", COLUMNS)) {
      link.audit().entries(request, entry -> rows.add(PeopleWords.fields(entry)));
      rows.noteIfEmpty("Nobody did anything of the kind.");
    }
    return ExitCode.OK;
  }
}
