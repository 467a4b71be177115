package io.holdfast.coordinator.node;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.identity.CertifiedKey;
import io.holdfast.common.identity.IssuingAuthority;
import io.holdfast.common.key.KeyObject;
import io.holdfast.common.key.MasterKey;
import io.holdfast.common.key.Passphrase;
import io.holdfast.common.key.RecoveryKit;
import io.holdfast.common.key.RepositoryKeys;
import io.holdfast.common.key.ServiceKey;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.vault.CreateOutcome;
import io.holdfast.coordinator.vault.DirectoryVault;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.vault.Vault;
import java.nio.ByteBuffer;
import java.nio.file.Files;

/** Brings keys back from a recovery kit, and with them a coordinator whose disk was lost. */
public final class KeyImport {
  private KeyImport() {}

  /**
   * Opens the kit, puts its wrapped master key back if the vault lost it, gives a data directory
   * without identity a new one, certified by the CA in the vault's key ring, and at last writes a
   * service key under which a coordinator starts by itself. Running it again goes on.
   * PASSPHRASE_WRONG, VAULT_FOREIGN for another repository's kit, OBJECT_EXISTS if a service key is
   * here already.
   */
  public static void run(
      CoordinatorConfig config,
      RecoveryKit kit,
      Passphrase passphrase,
      Time time,
      Randomness randomness) {
    RepositoryId repository = kit.repository();
    if (Files.exists(config.serviceKeyFile())) {
      throw new HoldfastException(
          ErrorCode.OBJECT_EXISTS,
          config.serviceKeyFile() + " is there already; move it away to import keys");
    }
    try (Vault vault =
            DirectoryVault.open(
                FileSystem.local(), randomness, config.vault().directory(), repository);
        MasterKey master = kit.open(passphrase);
        ServiceKey service = ServiceKey.generate(randomness)) {
      int number = kit.masterNumber();
      requireRing(vault, master, number);
      put(vault, KeyObject.masterUnderPassphrase(repository, number), kit.wrappedMaster());
      kit.wrappedRecovery()
          .ifPresent(
              wrap -> put(vault, KeyObject.recoveryUnderPassphrase(repository, number), wrap));
      ObjectName name = ObjectName.of(KeyObject.masterUnderService(repository, number).name());
      // The old wrap opens with a key file that is lost: it is of no more use to anybody.
      vault.delete(name);
      put(
          vault,
          KeyObject.masterUnderService(repository, number),
          master.wrap(repository, number, service, randomness));
      CoordinatorFiles files = new CoordinatorFiles(config.dataDir());
      files.create();
      if (!Files.exists(files.journalKey())) {
        try (RepositoryKeys keys = RepositoryUnlock.open(vault, master, number).keys()) {
          IssuingAuthority issuing = issuing(keys, time, randomness);
          new FirstCredentials(issuing, config.certificates(), randomness).write(files);
        }
      }
      service.writeFile(config.serviceKeyFile());
    }
  }

  /** A kit of a master key that was replaced would bring nothing back but its wrap. */
  private static void requireRing(Vault vault, MasterKey master, int number) {
    try {
      RepositoryUnlock.open(vault, master, number).keys().close();
    } catch (HoldfastException e) {
      throw new HoldfastException(
          e.code(),
          e.getMessage()
              + "; if the master key was replaced since this kit was printed (it is of number "
              + number
              + "), take the newer kit",
          e);
    }
  }

  private static IssuingAuthority issuing(RepositoryKeys keys, Time time, Randomness randomness) {
    return keys.issuingCa()
        .map(ca -> IssuingAuthority.of(CertifiedKey.of(ca, randomness), time, randomness))
        .orElseThrow(() ->
            new HoldfastException(
                ErrorCode.KEY_UNAVAILABLE,
                "the vault's key ring holds no issuing CA, without which no coordinator can be"
                    + " certified: restore by `holdfast recover`"));
  }

  private static void put(Vault vault, KeyObject object, byte[] bytes) {
    CreateOutcome outcome = vault.create(ObjectName.of(object.name()), ByteBuffer.wrap(bytes));
    if (outcome instanceof CreateOutcome.Unknown(HoldfastException cause, boolean _)) {
      throw cause;
    }
  }
}
