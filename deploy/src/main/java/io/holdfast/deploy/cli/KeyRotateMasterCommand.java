package io.holdfast.deploy.cli;

import io.holdfast.common.key.Passphrase;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.RotateMasterAnswer;
import java.nio.file.Path;
import java.util.Arrays;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "master",
    description = {
      "Seal all keys at rest under another master key, wrap that under a recovery passphrase and a"
          + " new service key, delete what was under the one before, and write the kit that goes"
          + " with it. The passphrase goes to the coordinator, which runs.",
      "Old kits, and service keys from before, open nothing of this vault any more; but they open"
          + " copies of it that were made before."
    })
final class KeyRotateMasterCommand extends AdminCommand {
  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "New file for the new recovery kit, readable by this user only.")
  private Path kit;

  @Mixin private Passphrases passphrases;

  KeyRotateMasterCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  void check() {
    PrivateFile.checkAbsent(kit);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    byte[] passphrase;
    try (Passphrase words = passphrases.fresh(shell()).open()) {
      passphrase = words.toByteArray();
    }
    RotateMasterAnswer rotated;
    try {
      rotated = link.keys().rotateMaster(passphrase);
    } finally {
      Arrays.fill(passphrase, (byte) 0);
    }
    PrivateFile.create(kit, rotated.getKit());
    output.result(
        "key_rotated",
        new Fields()
            .count("master", rotated.getNumber())
            .count("hosts", rotated.getHosts())
            .text("kit", kit.toString()));
    output.note(
        "Print the new kit, and destroy every copy of the old one, of the service key from before,"
            + " and of the vault's keys/ from before: with each other, and the old passphrase, they"
            + " still open what a copy of the vault holds.");
    return ExitCode.OK;
  }
}
