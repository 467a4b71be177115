package io.holdfast.deploy.cli;

import io.holdfast.common.config.ConfigOverride;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Where the agent's own files lie, if not where the configuration says. */
final class AgentDataDir {
  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where the agent keeps its own files (default: the configuration's).")
  private Path dataDir;

  List<ConfigOverride> overrides() {
    return dataDir == null
        ? List.of()
        : List.of(
            new ConfigOverride(
                "data_dir", dataDir.toAbsolutePath().normalize().toString(), "option --data-dir"));
  }
}
