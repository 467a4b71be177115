package io.holdfast.deploy.cli;

import io.holdfast.agent.node.AgentConfig;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.ProgressDisplay;
import io.holdfast.deploy.output.SafeText;
import io.holdfast.proto.wire.v1.JobResult;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "restore",
    description = {
      "Restore this host's own snapshot onto this machine, by its own keys: also one in a"
          + " repository that it was moved away from. The agent may run.",
      "Exit codes: 0 complete, 3 complete with gaps, others: `holdfast help exit-codes`."
    })
final class AgentRestoreCommand extends LocalCommand {
  @Parameters(
      index = "0",
      paramLabel = "SNAPSHOT",
      description =
          "Id or its beginning as `holdfast agent snapshots` shows it, latest, or with --repository"
              + " any whole id.")
  private String snapshot;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "PATH",
      description = "Files and directories in the snapshot (default: all).")
  private List<String> paths = List.of();

  @Option(
      names = "--to",
      required = true,
      paramLabel = "DIR",
      description =
          "Directory to restore into. Files that are there are left as they are, so that running"
              + " again goes on after an interruption.")
  private Path target;

  @Option(
      names = "--repository",
      paramLabel = "ID",
      defaultValue = "",
      description = "Only in that repository: its id or the beginning of it.")
  private String repository;

  @Mixin private Selection selection;
  @Mixin private AgentDataDir dataDir;

  AgentRestoreCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(LocalOperations local, Output output) {
    AgentConfig config =
        options().load(AgentConfig.class, GlobalOptions.AGENT_FILE, dataDir.overrides()).value();
    if (snapshot.isEmpty()) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT, "name a snapshot; see them by: holdfast agent snapshots");
    }
    LocalOperations.OwnRestoreRequest request =
        new LocalOperations.OwnRestoreRequest(
            config, snapshot, repository, paths.stream().map(selection::path).toList(), target);
    JobResult result;
    try (ProgressDisplay display =
        ProgressDisplay.open(output, shell().terminal().errorColumns(), shell().time())) {
      result = local.restoreOwn(request, progress -> display.show(JobViews.progress(progress, 0)));
    }
    String what = "restore of " + SafeText.of(snapshot) + " to " + SafeText.of(target.toString());
    JobViews.showRestore(what, result, output);
    return JobRun.exitCode(result);
  }
}
