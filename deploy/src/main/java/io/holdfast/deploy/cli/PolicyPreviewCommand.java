package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.Rows;
import io.holdfast.proto.wire.v1.PlannedRun;
import io.holdfast.proto.wire.v1.PreviewDataClassesRequest;
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
      "Show what would run where and when, by the policies in force; what retention would keep of"
          + " what there is now, and by which rule; and what is promised and can't be kept.",
      "With a file, as if that were applied. Hosts of a policy that is new begin somewhere within"
          + " its spread. Nothing is changed; for single snapshots see `holdfast retention plan`."
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
      description =
          "The first so many runs, and as many data classes of hosts (default: ${DEFAULT-VALUE}).")
  private int limit;

  PolicyPreviewCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    String text = file == null ? "" : PolicyText.read(file);
    String from = file == null ? "" : file.toString();
    PreviewPoliciesRequest runs =
        PreviewPoliciesRequest.newBuilder()
            .setFile(from)
            .setText(text)
            .setPolicy(policy)
            .setHost(host)
            .setForMillis(ahead.toMillis())
            .setLimit(limit)
            .build();
    long shown;
    try (Rows rows = output.rows("planned_run", COLUMNS)) {
      link.previewPolicies(runs, run -> rows.add(fields(run)));
      rows.noteIfEmpty("Nothing runs in that time.");
      shown = rows.items();
    }
    if (limit > 0 && shown >= limit) {
      output.note("Not more than " + limit + " are shown: --limit shows more.");
    }
    PreviewDataClassesRequest classes =
        PreviewDataClassesRequest.newBuilder()
            .setFile(from)
            .setText(text)
            .setPolicy(policy)
            .setHost(host)
            .setLimit(limit)
            .build();
    DataClassPreviewView.show(each -> link.previewDataClasses(classes, each), limit, output);
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
