package io.holdfast.deploy.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that only holds others. */
@Command(synopsisSubcommandLabel = "COMMAND")
class Group implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public final void run() {
    throw new ParameterException(
        spec.commandLine(),
        "\""
            + spec.qualifiedName()
            + "\" needs one of its commands: "
            + String.join(", ", spec.subcommands().keySet()));
  }
}
