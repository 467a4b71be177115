package io.holdfast.coordinator.node;

import com.google.protobuf.ByteString;
import io.holdfast.common.identity.Certificates;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.journal.JournalAnchor;
import io.holdfast.coordinator.journal.VaultJournalSlots;
import io.holdfast.coordinator.pack.Footers;
import io.holdfast.coordinator.recovery.CatalogRebuild;
import io.holdfast.coordinator.sweep.MarkFile;
import io.holdfast.coordinator.vault.DirectoryVault;
import io.holdfast.coordinator.vault.Vault;

/** What is done to the catalog of a coordinator that doesn't run. */
public final class CatalogMaintenance {
  private CatalogMaintenance() {}

  /**
   * Drops the catalog, and with it a mark that was made of it, and fills it anew from the vault.
   * BUSY while a coordinator runs.
   */
  public static CatalogRebuild.Rebuilt rebuild(CoordinatorConfig config, Randomness randomness) {
    try (Vault vault =
            DirectoryVault.open(FileSystem.local(), randomness, config.vault().directory());
        RepositoryUnlock unlock = RepositoryUnlock.byService(vault, config.serviceKeyFile())) {
      CoordinatorFiles files = new CoordinatorFiles(config.dataDir());
      new MarkFile(FileSystem.local(), files.mark(), Time.system()).forget();
      byte[] root = Certificates.encode(unlock.roots().first());
      Footers footers = new Footers(vault);
      return CatalogRebuild.run(
          Repository.opener(files, vault, footers, Repository.stores(config)),
          new VaultJournalSlots(vault),
          JournalAnchor.pinned(vault.identity().repository(), ByteString.copyFrom(root)));
    }
  }
}
