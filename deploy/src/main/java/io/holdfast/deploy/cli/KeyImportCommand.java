package io.holdfast.deploy.cli;

import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "import",
    description = {
      "Bring a coordinator back whose disk was lost, or the keys of a vault that lost them: puts"
          + " the kit's wrapped key into the vault, and makes a service key and, where there is"
          + " none, an identity for this coordinator. The coordinator must not be running."
    })
final class KeyImportCommand extends LocalCommand {
  @Parameters(paramLabel = "KIT", description = "File that `holdfast key export` wrote.")
  private Path kit;

  @Mixin private Passphrases passphrases;

  KeyImportCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(LocalOperations local, Output output) {
    var config = options().coordinatorConfig(List.of()).value();
    InputFile.check("recovery kit", kit);
    local.importKeys(config, kit, passphrases.existing(shell()));
    output.result(
        "key_import",
        new Fields()
            .text("vault", config.vault().directory().toString())
            .text("service_key", config.serviceKeyFile().toString()));
    output.note(
        "Next: holdfast coordinator run"
            + options().namedConfig().map(file -> " --config " + file).orElse("")
            + ", which fills its catalog from the vault");
    return ExitCode.OK;
  }
}
