package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.Rows;
import io.holdfast.proto.wire.v1.ListJobsRequest;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "ls",
    aliases = "list",
    description = "List what is due and waits, then the jobs, the newest first.")
final class JobListCommand extends AdminCommand {
  private static final List<String> COLUMNS =
      List.of(
          "job",
          "kind",
          "host",
          "policy",
          "state",
          "ordered",
          "duration",
          "files",
          "bytes",
          "problems");

  @Parameters(
      paramLabel = "HOST",
      arity = "0..1",
      defaultValue = "",
      description = "Name, or id or its beginning (default: all hosts).")
  private String host;

  @Option(names = "--open", description = "Only those that have not ended.")
  private boolean open;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "The newest so many (default: ${DEFAULT-VALUE}).")
  private int limit;

  JobListCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    ListJobsRequest request =
        ListJobsRequest.newBuilder().setHost(host).setOpen(open).setLimit(limit).build();
    try (Rows rows = output.rows("job", COLUMNS)) {
      link.jobs(request, job -> rows.add(JobFields.of(job)));
      rows.noteIfEmpty(
          open ? "No job is running." : "No job yet: start one by `holdfast backup HOST PATH`.");
    }
    return ExitCode.OK;
  }
}
