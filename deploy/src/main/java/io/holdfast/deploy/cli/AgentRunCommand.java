package io.holdfast.deploy.cli;

import io.holdfast.agent.node.AgentConfig;
import io.holdfast.common.config.ConfigOverride;
import io.holdfast.deploy.output.Output;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "run",
    description = "Run the agent in the foreground until it is told to stop; log to stdout.")
final class AgentRunCommand extends LocalCommand {
  @Mixin private AgentDataDir dataDir;

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      description = "error, warn, info or debug (default: the configuration's).")
  private AgentConfig.LogLevel logLevel;

  AgentRunCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(LocalOperations local, Output output) throws InterruptedException {
    List<ConfigOverride> overrides =
        new ArrayList<>(Logs.override(logLevel, shell().environment()));
    overrides.addAll(dataDir.overrides());
    AgentConfig config =
        options().load(AgentConfig.class, GlobalOptions.AGENT_FILE, overrides).value();
    Logs.forService(config.log().level());
    return ServiceRun.await(local.startAgent(config), shell());
  }
}
