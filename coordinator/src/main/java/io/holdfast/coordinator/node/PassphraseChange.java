package io.holdfast.coordinator.node;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.identity.Fingerprint;
import io.holdfast.common.key.Argon2Cost;
import io.holdfast.common.key.HostKeyPair;
import io.holdfast.common.key.KeyObject;
import io.holdfast.common.key.Passphrase;
import io.holdfast.common.key.RecoveryKit;
import io.holdfast.common.key.RepositoryRecovery;
import io.holdfast.common.key.ServiceKey;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.Randomness;
import io.holdfast.coordinator.key.KeyObjects;
import io.holdfast.coordinator.key.MasterChange;
import io.holdfast.coordinator.vault.DirectoryVault;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.vault.Vault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Puts another recovery passphrase in the place of the one that wraps the master key, with the
 * service key of this machine. The master key stays, so copies of the former wrap, in kits and in
 * other copies of the vault, still open with the former passphrase.
 */
public final class PassphraseChange {
  private PassphraseChange() {}

  /**
   * Wraps under {@code next}, hands the kit for it to {@code keep}, and once that has returned puts
   * the wraps in the place of those in the vault. KEY_UNAVAILABLE without the service key; BUSY
   * while the master key is replaced. The service's own wrap is never touched.
   *
   * <p>A wrap's name is taken, so the former one goes before the next one comes: where this ends in
   * between, the kit is the only one that has it. Run again, it goes on; but a private repository's
   * recovery key has to be brought back from the kit.
   *
   * @param present the passphrase as it is, which a private repository's recovery key takes:
   *     INVALID_ARGUMENT without, PASSPHRASE_WRONG for another
   * @param keep stores the kit durably; nothing was changed if it throws
   */
  public static RecoveryKit run(
      CoordinatorConfig config,
      Passphrase next,
      Optional<Passphrase> present,
      Consumer<RecoveryKit> keep,
      Randomness randomness) {
    try (Vault vault =
            DirectoryVault.open(FileSystem.local(), randomness, config.vault().directory());
        RepositoryUnlock unlock = RepositoryUnlock.byService(vault, config.serviceKeyFile())) {
      RepositoryId repository = vault.identity().repository();
      int number = unlock.masterNumber();
      requireNoRotation(vault, config.serviceKeyFile(), number, "Nothing has changed");
      byte[] wrapped =
          unlock.master().wrap(repository, number, next, Argon2Cost.DEFAULT, randomness);
      Bytes32 root = Fingerprint.of(unlock.roots().newest()).value();
      Optional<byte[]> recovery =
          unlock.keys().isPrivate()
              ? Optional.of(
                  rewrapped(
                      vault,
                      KeyObject.recoveryUnderPassphrase(repository, number),
                      next,
                      present,
                      randomness))
              : Optional.empty();
      RecoveryKit kit = new RecoveryKit(repository, root, number, wrapped, recovery);
      keep.accept(kit);
      replace(vault, KeyObject.masterUnderPassphrase(repository, number), wrapped);
      recovery.ifPresent(
          wrap -> replace(vault, KeyObject.recoveryUnderPassphrase(repository, number), wrap));
      requireNoRotation(
          vault,
          config.serviceKeyFile(),
          number,
          "The kit that was written is void, destroy it, and if the passphrase should still change,"
              + " have another one written");
      return kit;
    }
  }

  /**
   * BUSY if another master key than {@code number} is in use, or is about to be: what goes with
   * this one is deleted then. The next service key is there from the first step to the last.
   */
  private static void requireNoRotation(
      Vault vault, Path serviceKey, int number, String therefore) {
    Path next = MasterChange.nextServiceKey(serviceKey);
    boolean begun = Files.exists(next) && !opens(vault, next, number);
    try (RepositoryUnlock now = RepositoryUnlock.byService(vault, serviceKey)) {
      begun |= now.masterNumber() != number;
    }
    if (begun) {
      throw new HoldfastException(
          ErrorCode.BUSY,
          "the master key is being replaced, or was just now, or that was broken off. "
              + therefore
              + ". Wait for it to end, or start the coordinator, which settles it; then run this"
              + " again");
    }
  }

  private static boolean opens(Vault vault, Path file, int number) {
    try (ServiceKey key = ServiceKey.readFile(file);
        RepositoryUnlock unlock = RepositoryUnlock.byService(vault, key)) {
      return unlock.masterNumber() == number;
    } catch (HoldfastException e) {
      return false;
    }
  }

  /** No key file opens it. */
  private static byte[] rewrapped(
      Vault vault,
      KeyObject object,
      Passphrase next,
      Optional<Passphrase> present,
      Randomness randomness) {
    RepositoryId repository = object.repository();
    Passphrase former =
        present.orElseThrow(() ->
            new HoldfastException(
                ErrorCode.INVALID_ARGUMENT,
                "repository "
                    + repository
                    + " is private: its recovery key opens with the present passphrase alone; pass"
                    + " that too, with --present-passphrase-file"));
    byte[] wrap =
        KeyObjects.read(
            vault,
            object,
            "; bring it back from the newest recovery kit: stop the coordinator, move its"
                + " service.key away, and run holdfast key import");
    try (HostKeyPair pair = RepositoryRecovery.unwrap(object, wrap, former)) {
      return RepositoryRecovery.wrap(object, pair, next, Argon2Cost.DEFAULT, randomness);
    }
  }

  private static void replace(Vault vault, KeyObject object, byte[] wrapped) {
    vault.delete(ObjectName.of(object.name()));
    KeyObjects.create(
        vault,
        object,
        wrapped,
        ", and the former one is deleted: keep the kit that was written, which opens the"
            + " vault with the next passphrase, and run this again, with another file for another"
            + " kit; if it then says that the vault has no recovery key, bring that back from the"
            + " kit as it says");
  }
}
