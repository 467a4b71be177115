package io.holdfast.deploy.cli;

import io.holdfast.common.config.HostPort;
import io.holdfast.common.unit.Durations;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.CreateTokenAnswer;
import io.holdfast.proto.wire.v1.CreateTokenRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "create",
    description = {
      "Make a one-time token with which one host enrols. It is printed once, and a secret until it"
          + " is used: give it to `holdfast agent enroll --token-file` on that host."
    })
final class TokenCreateCommand extends AdminCommand {
  @Option(
      names = "--host-name",
      paramLabel = "NAME",
      defaultValue = "",
      description = "What the host will be called (default: what it calls itself).")
  private String hostName;

  @Option(
      names = "--valid",
      paramLabel = "TIME",
      defaultValue = "1h",
      converter = DurationOption.class,
      description = "How long the token can be used (default: ${DEFAULT-VALUE}).")
  private Duration valid;

  @Option(
      names = "--address",
      paramLabel = "HOST:PORT",
      converter = HostPortOption.class,
      description = "Where the agent connects; may be repeated (default: the coordinator's own).")
  private List<HostPort> addresses = List.of();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write the token to a new file that only this user reads, instead of printing.")
  private Path file;

  TokenCreateCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    CreateTokenRequest request =
        CreateTokenRequest.newBuilder()
            .setHostName(hostName)
            .setValidSeconds(valid.toSeconds())
            .addAllAddresses(addresses.stream().map(HostPort::toString).toList())
            .build();
    PrivateFile.checkAbsent(file);
    show(link.createToken(request), output);
    return ExitCode.OK;
  }

  private void show(CreateTokenAnswer answer, Output output) {
    Fields fields = new Fields().time("expires", answer.getExpiresMillis());
    if (file != null) {
      PrivateFile.create(file, answer.getToken() + "\n");
      output.result("token", fields.text("file", file.toString()));
    } else if (output.isJson()) {
      output.result("token", fields.text("token", answer.getToken()));
    } else {
      output.line(answer.getToken());
    }
    Instant expires = Instant.ofEpochMilli(answer.getExpiresMillis());
    output.note(
        "Good for one host until "
            + output.people().time(expires)
            + " ("
            + Durations.exact(valid)
            + "). On that host: holdfast agent enroll --token-file FILE");
  }
}
