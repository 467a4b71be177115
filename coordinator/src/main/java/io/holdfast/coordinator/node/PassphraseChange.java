package io.holdfast.coordinator.node;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.identity.Fingerprint;
import io.holdfast.common.identity.RootLine;
import io.holdfast.common.key.Argon2Cost;
import io.holdfast.common.key.KeyObject;
import io.holdfast.common.key.Passphrase;
import io.holdfast.common.key.RecoveryKit;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.Randomness;
import io.holdfast.coordinator.vault.CreateOutcome;
import io.holdfast.coordinator.vault.DirectoryVault;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.vault.Vault;
import java.nio.ByteBuffer;

/**
 * Puts another recovery passphrase in the place of the one that wraps the master key, with the
 * service key of this machine. The master key stays, so copies of the former wrap, in kits and in
 * other copies of the vault, still open with the former passphrase.
 */
public final class PassphraseChange {
  private PassphraseChange() {}

  /**
   * Wraps under {@code next} and answers with the kit for it. KEY_UNAVAILABLE without the service
   * key. After another error the vault may hold no wrap under a passphrase until this has run
   * again: the service's own is never touched.
   */
  public static RecoveryKit run(CoordinatorConfig config, Passphrase next, Randomness randomness) {
    try (Vault vault =
            DirectoryVault.open(FileSystem.local(), randomness, config.vault().directory());
        RepositoryUnlock unlock = RepositoryUnlock.byService(vault, config.serviceKeyFile())) {
      RepositoryId repository = vault.identity().repository();
      int number = unlock.masterNumber();
      byte[] wrapped =
          unlock.master().wrap(repository, number, next, Argon2Cost.DEFAULT, randomness);
      Bytes32 root = Fingerprint.of(RootLine.of(unlock.keys()).newest()).value();
      RecoveryKit kit = new RecoveryKit(repository, root, number, wrapped);
      replace(vault, KeyObject.masterUnderPassphrase(repository, number), wrapped);
      return kit;
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
