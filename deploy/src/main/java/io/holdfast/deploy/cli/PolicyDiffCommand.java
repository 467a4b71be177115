package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.ApplyPoliciesRequest;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "diff",
    description = "Show what applying a file would change, and which snapshots may go by it.")
final class PolicyDiffCommand extends AdminCommand {
  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      required = true,
      description = "YAML with one policy a document.")
  private Path file;

  PolicyDiffCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    ApplyPoliciesRequest request =
        ApplyPoliciesRequest.newBuilder()
            .setFile(file.toString())
            .setText(PolicyText.read(file))
            .setDryRun(true)
            .build();
    PolicyViews.show(link.applyPolicies(request), output);
    return ExitCode.OK;
  }
}
