package io.holdfast.deploy.cli;

import io.holdfast.agent.node.AgentConfig;
import io.holdfast.common.config.HostPort;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "move",
    description = {
      "Move this host to another repository, by a token that a coordinator there made. The agent"
          + " must not run. What this host stored before stays where it is, and is restored by:"
          + " holdfast agent restore.",
      "If the command fails or is interrupted, run it again."
    })
final class AgentMoveCommand extends LocalCommand {
  @Mixin private TokenOption token;

  @Option(
      names = "--former-is-gone",
      description =
          "Don't tell the present repository first: no coordinator of it will ever answer again.")
  private boolean formerIsGone;

  @Mixin private AgentDataDir dataDir;

  AgentMoveCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(LocalOperations local, Output output) throws InterruptedException {
    AgentConfig config =
        options().load(AgentConfig.class, GlobalOptions.AGENT_FILE, dataDir.overrides()).value();
    var report = local.moveAgent(config, token.read(shell()), !formerIsGone);
    output.result(
        "moved",
        new Fields()
            .id("host", report.host())
            .id("repository", report.repository())
            .texts("coordinators", report.coordinators().stream().map(HostPort::toString).toList())
            .text("data_dir", config.dataDir().toString()));
    output.note(
        "Next: holdfast agent run"
            + options().namedConfig().map(file -> " --config " + file).orElse(""));
    return ExitCode.OK;
  }
}
