package io.holdfast.coordinator.node;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.key.IssuingCaKey;
import io.holdfast.common.key.ServiceKey;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.Randomness;
import io.holdfast.coordinator.journal.JournalAnchor;
import io.holdfast.coordinator.journal.VaultJournalSlots;
import io.holdfast.coordinator.pack.Footers;
import io.holdfast.coordinator.recovery.CatalogRebuild;
import io.holdfast.coordinator.vault.DirectoryVault;
import io.holdfast.coordinator.vault.Vault;

/** What is done to a coordinator while its process doesn't run. */
public final class StoppedCoordinator {
  private StoppedCoordinator() {}

  /**
   * Drops the catalog and fills it anew from the vault. BUSY while the coordinator runs, KEY_UNAVAILABLE
   * without its service key, and the journal's and the vault's errors.
   */
  public static CatalogRebuild.Rebuilt rebuildCatalog(
      CoordinatorConfig config, Randomness randomness) {
    try (Vault vault =
            DirectoryVault.open(FileSystem.local(), randomness, config.vault().directory());
        ServiceKey service = ServiceKey.readFile(config.serviceKeyFile());
        RepositoryUnlock unlock = RepositoryUnlock.byService(vault, service)) {
      return CatalogRebuild.run(
          Repository.opener(
              new CoordinatorFiles(config.dataDir()),
              vault,
              new Footers(vault),
              Repository.stores(config)),
          new VaultJournalSlots(vault),
          anchor(vault, unlock));
    }
  }

  private static JournalAnchor anchor(Vault vault, RepositoryUnlock unlock) {
    IssuingCaKey ca =
        unlock
            .keys()
            .issuingCa()
            .orElseThrow(
                () ->
                    new HoldfastException(
                        ErrorCode.KEY_UNAVAILABLE,
                        "the key ring holds no issuing CA, so the fleet's root isn't known; restore"
                            + " the key ring from another copy of the vault"));
    return JournalAnchor.pinned(
        vault.identity().repository(), ByteString.copyFrom(ca.chain().getLast()));
  }
}
