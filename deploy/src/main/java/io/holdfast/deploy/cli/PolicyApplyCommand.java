package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.ApplyPoliciesRequest;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "apply",
    description = {
      "Create and change policies as a file says: all of it, or nothing if anything is wrong.",
      "Policies that it doesn't name stay as they are."
    })
final class PolicyApplyCommand extends AdminCommand {
  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      required = true,
      description = "YAML with one policy a document.")
  private Path file;

  @Option(names = "--yes", description = "Even if snapshots may go by it that would have stayed.")
  private boolean confirmed;

  PolicyApplyCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    ApplyPoliciesRequest request =
        ApplyPoliciesRequest.newBuilder()
            .setFile(file.toString())
            .setText(PolicyText.read(file))
            .setConfirmed(confirmed)
            .build();
    PolicyViews.show(link.applyPolicies(request), output);
    return ExitCode.OK;
  }
}
