package io.holdfast.deploy.sim;

import io.holdfast.common.sealing.ChunkKeys;
import io.holdfast.common.sealing.ChunkOpener;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.rebuild.StoreFactory;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.ingest.ReferenceRules;
import io.holdfast.coordinator.job.Jobs;
import io.holdfast.coordinator.journal.JournalSlots;
import io.holdfast.coordinator.journal.RecordLookup;
import io.holdfast.coordinator.pack.PackRegistrar;
import io.holdfast.coordinator.proof.ChunkExam;
import io.holdfast.coordinator.schedule.plan.Caps;
import io.holdfast.coordinator.vault.Vault;
import java.util.List;
import java.util.function.Supplier;

/** Where a planted bug takes the place of a part; as they stand here, nothing is planted. */
interface Seams {
  Seams HONEST = new Seams() {};

  /** Nothing is planted either; hosts have keys of their own, and coordinators none. */
  Seams PRIVATE =
      new Seams() {
        @Override
        public boolean isPrivate() {
          return true;
        }
      };

  /** Whether the repository is one of private hosts. */
  default boolean isPrivate() {
    return false;
  }

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

  /** The vault as proof and verification see it. */
  default Vault provenVault(Vault vault) {
    return vault;
  }

  /** How proof and verification look at a chunk. */
  default ChunkExam exam(List<ChunkKeys> generations) {
    return new ChunkExam(generations);
  }

  /** How receipts find the records they are about. */
  default RecordLookup records(RecordLookup records) {
    return records;
  }

  /** What opens chunks for a host that restores. */
  default ChunkOpener opener(List<ChunkKeys> generations) {
    return new ChunkOpener(generations);
  }

  /** How packs get into the journal. */
  default PackRegistrar registrar(PackRegistrar registrar) {
    return registrar;
  }

  /** What policies and orders stand on. */
  default FleetPorts fleet(FleetPorts fleet, Schedule schedule, SimProcess process) {
    return fleet;
  }

  /** What a coordinator that begins to lead does about jobs from before. */
  default void takeUp(Jobs jobs) {
    jobs.resume();
  }

  /** How many jobs may run at one time. */
  default Caps caps(Caps caps) {
    return caps;
  }

  /** Where a coordinator remembers which alarms it told of. */
  default FileSystem alarmMemory(FileSystem files) {
    return files;
  }

  /** The clock by which an agent lets orders expire. */
  default Time orderTime(Time time) {
    return time;
  }
}
