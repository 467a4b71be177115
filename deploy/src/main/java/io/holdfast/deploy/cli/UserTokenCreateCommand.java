package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.CreateAccessTokenAnswer;
import io.holdfast.proto.wire.v1.CreateAccessTokenRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "create",
    description = {
      "Make an access token for somebody. It is shown once, and kept here as a hash only."
    })
final class UserTokenCreateCommand extends AdminCommand {
  @Parameters(paramLabel = "USER", description = "Whose it will be.")
  private String name;

  @Option(
      names = "--valid",
      paramLabel = "TIME",
      defaultValue = "90d",
      converter = DurationOption.class,
      description = "How long it can be used, up to 366d (default: ${DEFAULT-VALUE}).")
  private Duration valid;

  @Option(
      names = "--purpose",
      paramLabel = "WORDS",
      defaultValue = "",
      description = "What it is for, to know it by.")
  private String purpose;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write it to a new file that only this user reads, instead of printing.")
  private Path file;

  UserTokenCreateCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  void check() {
    PrivateFile.checkAbsent(file);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    CreateAccessTokenRequest request =
        CreateAccessTokenRequest.newBuilder()
            .setName(name)
            .setValidSeconds(valid.toSeconds())
            .setPurpose(purpose)
            .build();
    show(link.people().createToken(request), output);
    return ExitCode.OK;
  }

  private void show(CreateAccessTokenAnswer answer, Output output) {
    Fields fields = PeopleWords.fields(answer.getToken());
    if (file != null) {
      PrivateFile.create(file, answer.getSecret() + "\n");
      output.result("access_token", fields.text("file", file.toString()));
    } else if (output.isJson()) {
      output.result("access_token", fields.text("secret", answer.getSecret()));
    } else {
      output.line(answer.getSecret());
    }
    Instant expires = Instant.ofEpochMilli(answer.getToken().getExpiresMillis());
    output.note(
        name
            + " calls with it until "
            + output.people().time(expires)
            + ": holdfast status --coordinator HOST:PORT --token-file FILE");
  }
}
