package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.DeletePolicyRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "delete",
    description = "Delete a policy. The snapshots that it made stay, and nothing deletes them.")
final class PolicyDeleteCommand extends AdminCommand {
  @Parameters(paramLabel = "POLICY", description = "Its name.")
  private String name;

  @Option(
      names = "--yes",
      description = "Its hosts aren't protected by it any longer, and that is wanted.")
  private boolean confirmed;

  PolicyDeleteCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    DeletePolicyRequest request =
        DeletePolicyRequest.newBuilder().setName(name).setConfirmed(confirmed).build();
    PolicyViews.show(link.deletePolicy(request), output);
    return ExitCode.OK;
  }
}
