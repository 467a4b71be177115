package io.holdfast.deploy.cli;

import io.holdfast.coordinator.policy.yaml.PolicyReference;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import picocli.CommandLine.Command;

@Command(
    name = "example",
    description = "Print policies with every key, its meaning and its default.")
final class PolicyExampleCommand extends LocalCommand {
  PolicyExampleCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(LocalOperations local, Output output) {
    String text = PolicyReference.text();
    if (output.isJson()) {
      output.result("policy_example", new Fields().text("text", text));
    } else {
      text.lines().forEach(output::line);
    }
    return ExitCode.OK;
  }
}
