package io.holdfast.deploy.cli;

import io.holdfast.common.config.ConfigOverride;
import io.holdfast.coordinator.node.CoordinatorConfig;
import io.holdfast.deploy.output.Output;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "run",
    description = "Run the coordinator in the foreground until it is told to stop; log to stdout.")
final class CoordinatorRunCommand extends LocalCommand {
  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      description = "error, warn, info or debug (default: the configuration's).")
  private CoordinatorConfig.LogLevel logLevel;

  CoordinatorRunCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(LocalOperations local, Output output) throws InterruptedException {
    List<ConfigOverride> overrides = Logs.override(logLevel, shell().environment());
    CoordinatorConfig config = options().coordinatorConfig(overrides).value();
    Logs.forService(config.log().level());
    return ServiceRun.await(local.startCoordinator(config), shell());
  }
}
