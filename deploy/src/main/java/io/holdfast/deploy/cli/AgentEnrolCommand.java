package io.holdfast.deploy.cli;

import io.holdfast.agent.node.AgentConfig;
import io.holdfast.common.config.HostPort;
import io.holdfast.common.config.SecretText;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "enroll",
    aliases = "enrol",
    description = {
      "Exchange a one-time token for this host's certificate. The key is made here and stays here."
    })
final class AgentEnrolCommand extends LocalCommand {
  static final String VARIABLE = "HOLDFAST_TOKEN_FILE";

  private static final int TOKEN_BYTES_MAX = 8 << 10;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = {
        "File with the token, - for standard input (default: the one that HOLDFAST_TOKEN_FILE"
            + " names)."
      })
  private String tokenFile;

  @Option(
      names = "--private",
      description =
          "Refuse a repository whose coordinators can open what this host stores, whatever"
              + " answers.")
  private boolean onlyPrivate;

  @Mixin private AgentDataDir dataDir;

  /** Taken so that it can be refused without printing it. */
  @Parameters(hidden = true, arity = "0..*")
  private List<String> tokens = List.of();

  AgentEnrolCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(LocalOperations local, Output output) {
    AgentConfig config =
        options().load(AgentConfig.class, GlobalOptions.AGENT_FILE, dataDir.overrides()).value();
    var report = local.enrol(config, token(), onlyPrivate);
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

  private SecretText token() {
    if (!tokens.isEmpty()) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "a token isn't taken as an argument, since every user of this machine can read those:"
              + " write it to a file and pass --token-file FILE, or pipe it and pass --token-file"
              + " -");
    }
    String name =
        Optional.ofNullable(tokenFile)
            .or(() -> shell().environment().find(VARIABLE))
            .orElseThrow(AgentEnrolCommand::noToken);
    return read(name);
  }

  private static HoldfastException noToken() {
    return new HoldfastException(
        ErrorCode.INVALID_ARGUMENT,
        "no token: make one by `holdfast token create` at the coordinator, and pass"
            + " --token-file FILE");
  }

  private SecretText read(String name) {
    boolean piped = name.equals("-");
    if (!piped) {
      InputFile.check("token file", Path.of(name));
    }
    try (InputStream in = piped ? shell().in() : Files.newInputStream(Path.of(name))) {
      String text = new String(in.readNBytes(TOKEN_BYTES_MAX), StandardCharsets.UTF_8).strip();
      if (text.isEmpty()) {
        throw new HoldfastException(
            ErrorCode.INVALID_ARGUMENT,
            (piped ? "standard input" : "the token file " + name) + " holds no token");
      }
      return new SecretText(text);
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.IO, "cannot read the token from " + name + " (" + e + ")", e);
    }
  }
}
