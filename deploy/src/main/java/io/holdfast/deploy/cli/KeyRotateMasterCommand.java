package io.holdfast.deploy.cli;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.identity.FleetAuthority;
import io.holdfast.common.identity.PemFiles;
import io.holdfast.common.key.Passphrase;
import io.holdfast.common.key.RecoveryKit;
import io.holdfast.common.seam.Randomness;
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
      "In a private repository no passphrase leaves this machine. Its recovery key is replaced"
          + " as well: what hosts sealed is opened here, by the present passphrase, and sealed to"
          + " another one, for which the fleet root vouches. So it takes --root-key and the present"
          + " passphrase. Hosts are not touched. The kit is written before anything is replaced.",
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

  @Option(
      names = "--root-key",
      paramLabel = "FILE",
      description =
          "Of a private repository: the newest fleet root's key with its certificate, which"
              + " certifies the next recovery key.")
  private Path rootKey;

  @Option(
      names = "--present-passphrase-file",
      paramLabel = "FILE",
      description =
          "Of a private repository: file with the passphrase as it is (default: asked on the"
              + " terminal).")
  private Path present;

  @Option(
      names = "--kit",
      paramLabel = "FILE",
      description =
          "Of a private repository: its present recovery kit (default: asked of the coordinator).")
  private Path presentKit;

  @Mixin private Passphrases passphrases;

  KeyRotateMasterCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  void check() {
    PrivateFile.checkAbsent(kit);
    if (rootKey != null) {
      InputFile.check("root's key", rootKey);
    }
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    boolean isPrivate = link.status().getPrivateRepository();
    boolean hasPrivate = rootKey != null || present != null || presentKit != null;
    require(
        !isPrivate || rootKey != null,
        "this repository is private: the fleet root has to vouch for its next recovery key; name"
            + " --root-key, a file like fleet-root.pem, which `holdfast init` left in the"
            + " coordinator's data directory");
    require(
        isPrivate || !hasPrivate,
        "this repository is shared: leave out --root-key, --present-passphrase-file and --kit");
    return isPrivate ? replacePrivately(link, output) : replace(link, output);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new HoldfastException(ErrorCode.INVALID_ARGUMENT, otherwise);
    }
  }

  private ExitCode replace(AdminLink link, Output output) {
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
    return show(rotated, output);
  }

  private ExitCode replacePrivately(AdminLink link, Output output) {
    Randomness randomness = Randomness.secure();
    FleetAuthority root =
        FleetAuthority.of(PemFiles.readCredential(rootKey, randomness), shell().time(), randomness);
    RecoveryKit known =
        presentKit == null
            ? RecoveryKit.parse(link.exportKeys())
            : RecoveryKit.parse(InputFile.read("recovery kit", presentKit));
    PassphraseSource former =
        present == null
            ? new PassphraseSource.Typed(Passphrases.ask(shell(), "Present recovery passphrase: "))
            : new PassphraseSource.InFile(present);
    try (Passphrase words = former.open();
        Passphrase next = passphrases.fresh(shell()).open()) {
      SealedMasterChange.Report done =
          new SealedMasterChange(link.keys(), known, root, randomness)
              .run(words, next, text -> PrivateFile.create(kit, text));
      done.unreadable()
          .forEach(host ->
              output.note(
                  "what host "
                      + host
                      + " sealed doesn't open with the recovery key, nor did it before: its"
                      + " snapshots are readable on that host alone"));
      return show(done.answer(), output);
    }
  }

  private ExitCode show(RotateMasterAnswer rotated, Output output) {
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
