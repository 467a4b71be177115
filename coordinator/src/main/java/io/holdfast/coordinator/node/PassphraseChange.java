package io.holdfast.coordinator.node;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.identity.Fingerprint;
import io.holdfast.common.identity.RootLine;
import io.holdfast.common.key.Argon2Cost;
import io.holdfast.common.key.HostKeyPair;
import io.holdfast.common.key.KeyObject;
import io.holdfast.common.key.Passphrase;
import io.holdfast.common.key.RecoveryKit;
import io.holdfast.common.key.RepositoryRecovery;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.Randomness;
import io.holdfast.coordinator.vault.CreateOutcome;
import io.holdfast.coordinator.vault.DirectoryVault;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.vault.Vault;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Puts another recovery passphrase in the place of the one that wraps the master key, with the
 * service key of this machine. The master key stays, so copies of the former wrap, in kits and in
 * other copies of the vault, still open with the former passphrase.
 */
public final class PassphraseChange {
  private static final int KEY_BYTES_MAX = 1 << 16;

  private PassphraseChange() {}

  /**
   * Wraps under {@code next} and answers with the kit for it. KEY_UNAVAILABLE without the service
   * key. After another error the vault may hold no wrap under a passphrase until this has run
   * again: the service's own is never touched.
   *
   * @param present the passphrase as it is, which a private repository's recovery key takes:
   *     INVALID_ARGUMENT without, PASSPHRASE_WRONG for another
   */
  public static RecoveryKit run(
      CoordinatorConfig config,
      Passphrase next,
      Optional<Passphrase> present,
      Randomness randomness) {
    try (Vault vault =
            DirectoryVault.open(FileSystem.local(), randomness, config.vault().directory());
        RepositoryUnlock unlock = RepositoryUnlock.byService(vault, config.serviceKeyFile())) {
      RepositoryId repository = vault.identity().repository();
      int number = unlock.masterNumber();
      byte[] wrapped =
          unlock.master().wrap(repository, number, next, Argon2Cost.DEFAULT, randomness);
      Bytes32 root = Fingerprint.of(RootLine.of(unlock.keys()).newest()).value();
      Optional<byte[]> recovery =
          unlock.keys().isPrivate()
              ? Optional.of(rewrapped(vault, next, present, randomness))
              : Optional.empty();
      RecoveryKit kit = new RecoveryKit(repository, root, number, wrapped, recovery);
      replace(vault, KeyObject.masterUnderPassphrase(repository, number), wrapped);
      recovery.ifPresent(
          wrap -> replace(vault, KeyObject.recoveryUnderPassphrase(repository), wrap));
      return kit;
    }
  }

  /** No key file opens it. */
  private static byte[] rewrapped(
      Vault vault, Passphrase next, Optional<Passphrase> present, Randomness randomness) {
    RepositoryId repository = vault.identity().repository();
    Passphrase former =
        present.orElseThrow(() ->
            new HoldfastException(
                ErrorCode.INVALID_ARGUMENT,
                "repository "
                    + repository
                    + " is private: its recovery key opens with the present passphrase alone; pass"
                    + " that too, with --present-passphrase-file"));
    KeyObject object = KeyObject.recoveryUnderPassphrase(repository);
    byte[] wrap =
        vault
            .find(ObjectName.of(object.name()), KEY_BYTES_MAX)
            .orElseThrow(() ->
                new HoldfastException(
                    ErrorCode.KEY_UNAVAILABLE,
                    "the vault has no "
                        + object.name()
                        + "; bring it back by `holdfast key import` with the recovery kit"));
    try (HostKeyPair pair = RepositoryRecovery.unwrap(repository, wrap, former)) {
      return RepositoryRecovery.wrap(repository, pair, next, Argon2Cost.DEFAULT, randomness);
    }
  }

  private static void replace(Vault vault, KeyObject object, byte[] wrapped) {
    ObjectName name = ObjectName.of(object.name());
    vault.delete(name);
    CreateOutcome outcome = vault.create(name, ByteBuffer.wrap(wrapped));
    if (!(outcome instanceof CreateOutcome.Created)) {
      throw new HoldfastException(
          ErrorCode.VAULT_UNAVAILABLE,
          "the vault did not clearly take " + object.name() + "; run this again until it does");
    }
  }
}
