package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.Rows;
import io.holdfast.proto.wire.v1.PlannedRun;
import io.holdfast.proto.wire.v1.PreviewPoliciesRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "preview",
    description = {
      "Show what would run where and when, by the policies in force.",
      "With a file, as if that were applied. Hosts of a policy that is new begin somewhere within"
          + " its spread."
    })
final class PolicyPreviewCommand extends AdminCommand {
  private static final List<String> COLUMNS =
      List.of("start", "host", "policy", "data_class", "sources", "spread");

  @Parameters(
      paramLabel = "POLICY",
      arity = "0..1",
      defaultValue = "",
      description = "Its name (default: all policies).")
  private String policy;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "YAML with one policy a document.")
  private Path file;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "",
      description = "Name, or id or its beginning (default: all hosts).")
  private String host;

  @Option(
      names = "--for",
      paramLabel = "DURATION",
      defaultValue = "1d",
      converter = DurationOption.class,
      description = "How far ahead (default: ${DEFAULT-VALUE}).")
  private Duration ahead;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "The first so many (default: ${DEFAULT-VALUE}).")
  private int limit;

  PolicyPreviewCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    PreviewPoliciesRequest.Builder request =
        PreviewPoliciesRequest.newBuilder()
            .setPolicy(policy)
            .setHost(host)
            .setForMillis(ahead.toMillis())
            .setLimit(limit);
    if (file != null) {
      request.setFile(file.toString()).setText(PolicyText.read(file));
    }
    try (Rows rows = output.rows("planned_run", COLUMNS)) {
      link.previewPolicies(request.build(), run -> rows.add(fields(run)));
      rows.noteIfEmpty("Nothing runs in that time.");
    }
    return ExitCode.OK;
  }

  private static Fields fields(PlannedRun run) {
    return new Fields()
        .time("start", run.getStartMillis())
        .time("nominal", run.getNominalMillis())
        .time("opens", run.getOpensMillis())
        .duration("spread", Duration.ofMillis(run.getSpreadMillis()))
        .text("host", run.getHostName())
        .id("host_id", run.getHost())
        .text("policy", run.getPolicy())
        .text("data_class", run.getDataClass())
        .names("sources", run.getSourcesList())
        .size("rate_limit", run.getRateLimit());
  }
}
