package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.SafeText;
import io.holdfast.proto.wire.v1.Policy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "Print a policy as YAML, every default written out.")
final class PolicyShowCommand extends AdminCommand {
  @Parameters(paramLabel = "POLICY", description = "Its name.")
  private String name;

  PolicyShowCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    Policy policy = link.policy(name);
    if (output.isJson()) {
      output.json("policy", PolicyViews.fields(policy).text("text", policy.getText()));
    } else {
      policy.getText().lines().map(SafeText::of).forEach(output::line);
    }
    return ExitCode.OK;
  }
}
