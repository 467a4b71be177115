package io.holdfast.deploy.sim;

import io.holdfast.common.seam.FileSystem;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.rebuild.StoreFactory;
import io.holdfast.coordinator.ingest.ReferenceRules;
import io.holdfast.coordinator.journal.JournalSlots;
import io.holdfast.coordinator.pack.PackRegistrar;
import io.holdfast.coordinator.vault.Vault;
import java.util.function.Supplier;

/** Where a planted bug takes the place of a part; as they stand here, nothing is planted. */
interface Seams {
  Seams HONEST = new Seams() {};

  /** What the vault's disk looks like to a coordinator. */
  default FileSystem files(FileSystem files, Schedule schedule) {
    return files;
  }

  /** The vault as packs and reads see it. */
  default Vault vault(Vault vault, Schedule schedule, SimProcess process) {
    return vault;
  }

  /** The journal's slots. */
  default JournalSlots slots(JournalSlots slots, Schedule schedule, SimProcess process) {
    return slots;
  }

  /** The store under the catalog. */
  default StoreFactory stores(StoreFactory stores) {
    return stores;
  }

  /** Who may reference what. */
  default ReferenceRules rules(ReferenceRules rules, Supplier<CatalogView> views) {
    return rules;
  }

  /** How packs get into the journal. */
  default PackRegistrar registrar(PackRegistrar registrar) {
    return registrar;
  }
}
