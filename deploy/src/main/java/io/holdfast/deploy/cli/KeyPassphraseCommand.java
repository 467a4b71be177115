package io.holdfast.deploy.cli;

import io.holdfast.coordinator.node.CoordinatorConfig;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "passphrase",
    description = {
      "Put another recovery passphrase in the place of the present one, and write the kit that goes"
          + " with it. Run it where the coordinator's service key lies; the coordinator may run,"
          + " but not replace its master key meanwhile.",
      "The key behind the passphrase stays the same: whoever has an old kit, or a copy of the vault"
          + " made before, opens that with the old passphrase. Destroy old kits. Where the"
          + " passphrase has leaked, `holdfast key rotate master` replaces that key as well, and a"
          + " private repository's recovery key."
    })
final class KeyPassphraseCommand extends LocalCommand {
  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "New file for the new recovery kit, readable by this user only.")
  private Path kit;

  @Option(
      names = "--present-passphrase-file",
      paramLabel = "FILE",
      description =
          "File with the passphrase as it is, which a private repository's recovery key takes.")
  private Path present;

  @Mixin private Passphrases passphrases;

  KeyPassphraseCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(LocalOperations local, Output output) {
    CoordinatorConfig config = options().coordinatorConfig(List.of()).value();
    PrivateFile.checkAbsent(kit);
    Optional<PassphraseSource> former =
        Optional.ofNullable(present).map(PassphraseSource.InFile::new);
    local.changePassphrase(
        config, passphrases.fresh(shell()), former, text -> PrivateFile.create(kit, text));
    output.result(
        "key_passphrase",
        new Fields()
            .text("vault", config.vault().directory().toString())
            .text("kit", kit.toString()));
    output.note(
        "Print the new kit, and destroy every copy of the old one: with the old passphrase it still"
            + " opens this vault.");
    return ExitCode.OK;
  }
}
