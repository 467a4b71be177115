package io.holdfast.deploy.cli;

import io.holdfast.common.config.EffectiveValue;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.Rows;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "show",
    description = {
      "Check a configuration and show every value that counts, and where it comes from. Secrets are"
          + " hidden."
    })
final class ConfigShowCommand extends LocalCommand {
  @Parameters(paramLabel = "ROLE", description = "coordinator or agent.")
  private Role role;

  ConfigShowCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(LocalOperations local, Output output) {
    List<EffectiveValue> values =
        options().load(role.type(), role.usualFile(), List.of()).effective();
    try (Rows rows = output.rows("setting", List.of("key", "value", "origin"))) {
      for (EffectiveValue value : values) {
        rows.add(
            new Fields()
                .text("key", value.key())
                .text("value", value.text())
                .text("origin", value.origin()));
      }
    }
    return ExitCode.OK;
  }
}
