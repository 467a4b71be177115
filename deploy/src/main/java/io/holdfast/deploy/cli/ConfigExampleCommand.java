package io.holdfast.deploy.cli;

import io.holdfast.common.config.ConfigReference;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "example",
    description = "Print a configuration file with every key, its meaning and its default.")
final class ConfigExampleCommand extends LocalCommand {
  @Parameters(paramLabel = "ROLE", description = "coordinator or agent.")
  private Role role;

  ConfigExampleCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(LocalOperations local, Output output) {
    String title = "Holdfast " + role.name().toLowerCase(Locale.ROOT) + ", " + role.usualFile();
    String text = ConfigReference.print(title, role.type());
    if (output.isJson()) {
      output.result("config_example", new Fields().text("text", text));
    } else {
      text.lines().forEach(output::line);
    }
    return ExitCode.OK;
  }
}
