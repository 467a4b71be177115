package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.Rows;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "export",
    description = {
      "Print what people did as JSON, one object a line, the oldest first: for an archive or"
          + " another system."
    })
final class AuditExportCommand extends AdminCommand {
  @Mixin private AuditFilter filter;

  AuditExportCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    try (Rows rows = output.asJson().rows("audit", List.of())) {
      link.audit()
          .entries(filter.request(shell()).build(), entry -> rows.add(PeopleWords.fields(entry)));
    }
    return ExitCode.OK;
  }
}
