package io.holdfast.deploy.cli;

import io.holdfast.agent.node.AgentConfig;
import io.holdfast.common.config.HostPort;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "enroll",
    aliases = "enrol",
    description = {
      "Exchange a one-time token for this host's certificate. The key is made here and stays here."
    })
final class AgentEnrolCommand extends LocalCommand {
  @Mixin private TokenOption token;

  @Option(
      names = "--private",
      description =
          "Refuse a repository whose coordinators can open what this host stores, whatever"
              + " answers.")
  private boolean onlyPrivate;

  @Mixin private AgentDataDir dataDir;

  AgentEnrolCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(LocalOperations local, Output output) {
    AgentConfig config =
        options().load(AgentConfig.class, GlobalOptions.AGENT_FILE, dataDir.overrides()).value();
    var report = local.enrol(config, token.read(shell()), onlyPrivate);
    output.result(
        "enrolled",
        new Fields()
            .id("host", report.host())
            .text("name", report.hostName())
            .texts("coordinators", report.coordinators().stream().map(HostPort::toString).toList())
            .text("data_dir", config.dataDir().toString())
            .text("repository_mode", report.isPrivate() ? "private" : "shared")
            .text("encryption_key", report.encryptionKey()));
    output.note(
        "Next: holdfast agent run"
            + options().namedConfig().map(file -> " --config " + file).orElse(""));
    return ExitCode.OK;
  }
}
