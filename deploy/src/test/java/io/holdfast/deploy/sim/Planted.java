package io.holdfast.deploy.sim;

import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.HostId;
import io.holdfast.common.sealing.ChunkKeys;
import io.holdfast.common.sealing.ChunkOpener;
import io.holdfast.common.sealing.PlantedOpeners;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.WritableFile;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.rebuild.StoreFactory;
import io.holdfast.coordinator.catalog.store.FaultyStore;
import io.holdfast.coordinator.ingest.CommitWalk;
import io.holdfast.coordinator.ingest.ReferenceRules;
import io.holdfast.coordinator.journal.JournalSlots;
import io.holdfast.coordinator.journal.RecordLookup;
import io.holdfast.coordinator.journal.SlotOutcome;
import io.holdfast.coordinator.proof.ChunkExam;
import io.holdfast.coordinator.proof.PlantedExams;
import io.holdfast.coordinator.vault.Vault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Bugs that somebody might write, each in place of one part. The simulation has to notice every one
 * of them within a few seeds; one that it doesn't notice is a hole in its invariants.
 */
enum Planted implements Seams {
  /** Files are never synced. */
  NO_FILE_SYNC {
    @Override
    public FileSystem files(FileSystem files, Schedule schedule) {
      return new PlantedFiles(files) {
        @Override
        void sync(WritableFile file) {}
      };
    }
  },
  /** Names are never synced. */
  NO_DIRECTORY_SYNC {
    @Override
    public FileSystem files(FileSystem files, Schedule schedule) {
      return new PlantedFiles(files) {
        @Override
        public void syncDirectory(Path directory) {}
      };
    }
  },
  /** A sync that failed is tried again, and believed. */
  SYNC_TRIED_AGAIN {
    @Override
    public FileSystem files(FileSystem files, Schedule schedule) {
      return new PlantedFiles(files) {
        @Override
        void sync(WritableFile file) throws IOException {
          try {
            file.sync();
          } catch (IOException e) {
            file.sync();
          }
        }
      };
    }
  },
  /** A slot, or any object, is written over whatever is there. */
  SLOT_OVERWRITTEN {
    @Override
    public FileSystem files(FileSystem files, Schedule schedule) {
      return new PlantedFiles(files) {
        @Override
        public void link(Path existing, Path name) throws IOException {
          if (exists(name)) {
            delete(name);
          }
          super.link(existing, name);
        }
      };
    }
  },
  /** A record is acknowledged when it was handed to the vault, before it is there. */
  ANSWERED_BEFORE_DURABLE {
    @Override
    public JournalSlots slots(JournalSlots slots, Schedule schedule, SimProcess process) {
      return new PlantedSlots(slots) {
        @Override
        public SlotOutcome create(long seq, byte[] record) {
          remember(seq, record);
          PlantedVault.later(schedule, process, () -> slots.create(seq, record));
          return new SlotOutcome.Created();
        }
      };
    }
  },
  /** A create whose outcome is unknown is taken for done, without looking. */
  NOT_READ_BACK {
    @Override
    public JournalSlots slots(JournalSlots slots, Schedule schedule, SimProcess process) {
      return new PlantedSlots(slots) {
        @Override
        public SlotOutcome create(long seq, byte[] record) {
          SlotOutcome outcome = slots.create(seq, record);
          if (outcome instanceof SlotOutcome.Unknown) {
            remember(seq, record);
            return new SlotOutcome.Created();
          }
          return outcome;
        }
      };
    }
  },
  /** A leader whose slot is taken goes on as if it had won it. */
  OUTVOTED_GOES_ON {
    @Override
    public JournalSlots slots(JournalSlots slots, Schedule schedule, SimProcess process) {
      return new PlantedSlots(slots) {
        @Override
        public SlotOutcome create(long seq, byte[] record) {
          SlotOutcome outcome = slots.create(seq, record);
          if (outcome instanceof SlotOutcome.Exists) {
            remember(seq, record);
            return new SlotOutcome.Created();
          }
          return outcome;
        }
      };
    }
  },
  /** A pack is registered while it is still on its way to the vault. */
  PACK_REGISTERED_BEFORE_DURABLE {
    @Override
    public Vault vault(Vault vault, Schedule schedule, SimProcess process) {
      return new PlantedVault(vault, schedule, process);
    }
  },
  /** A commit is taken without a look at what its pages need. */
  COMMITTED_UNCHECKED {
    @Override
    public ReferenceRules rules(ReferenceRules rules, Supplier<CatalogView> views) {
      return new PlantedRules(rules) {
        @Override
        public CommitWalk walk(ChunkRef root, HostId host) {
          return new CommitWalk(List.of(), List.of());
        }
      };
    }
  },
  /** What another host uploaded counts, although nobody opened it. */
  UNPROVEN_COUNTS_FOR_OTHERS {
    @Override
    public ReferenceRules rules(ReferenceRules rules, Supplier<CatalogView> views) {
      return new PlantedRules(rules) {
        @Override
        boolean alsoCounts(ChunkRef chunk) {
          try (CatalogView view = views.get()) {
            return view.chunks().present(List.of(chunk)).get(0);
          }
        }
      };
    }
  },
  /** What was lost still counts. */
  LOST_COUNTS {
    @Override
    public ReferenceRules rules(ReferenceRules rules, Supplier<CatalogView> views) {
      return new PlantedRules(rules) {
        @Override
        boolean alsoCounts(ChunkRef chunk) {
          try (CatalogView view = views.get()) {
            return !view.chunks().locations(chunk).isEmpty();
          }
        }
      };
    }
  },
  /** What was asked for once is believed to have been uploaded. */
  ASKED_COUNTS {
    @Override
    public ReferenceRules rules(ReferenceRules rules, Supplier<CatalogView> views) {
      Set<ChunkRef> asked = new HashSet<>();
      return new PlantedRules(rules) {
        @Override
        public BitSet known(HostId host, List<ChunkRef> references) {
          BitSet known = super.known(host, references);
          asked.addAll(references);
          return known;
        }

        @Override
        boolean alsoCounts(ChunkRef chunk) {
          return asked.contains(chunk);
        }
      };
    }
  },
  /** A later upload displaces the locations that a chunk had. */
  LOCATIONS_REPLACED {
    @Override
    public StoreFactory stores(StoreFactory stores) {
      return new PlantedStores(stores, store -> FaultyStore.replacing(store, "index", 33));
    }
  },
  /** Which run made which snapshot isn't kept: a repeated commit makes another one. */
  RUNS_FORGOTTEN {
    @Override
    public StoreFactory stores(StoreFactory stores) {
      return new PlantedStores(stores, store -> FaultyStore.forgetting(store, "runs"));
    }
  },
  /** A mark follows no root. */
  ROOTS_FORGOTTEN {
    @Override
    public StoreFactory stores(StoreFactory stores) {
      return new PlantedStores(stores, store -> FaultyStore.forgetting(store, "root_order"));
    }
  },
  /** Losses undo no page checks. */
  LOSSES_FORGOTTEN {
    @Override
    public StoreFactory stores(StoreFactory stores) {
      return new PlantedStores(stores, store -> FaultyStore.forgetting(store, "losses"));
    }
  },
  /** The applied seq gets ahead of the rows it stands for. */
  APPLIED_SEQ_AHEAD {
    @Override
    public StoreFactory stores(StoreFactory stores) {
      return new PlantedStores(stores, store -> FaultyStore.hurrying(store, "meta"));
    }
  },
  /** What the vault's list doesn't name counts as gone. */
  LIST_TRUSTED {
    @Override
    public Vault provenVault(Vault vault) {
      return new ListTrustingVault(vault);
    }
  },
  /** What somebody uploaded is proven without being opened. */
  PROVEN_BLINDLY {
    @Override
    public ChunkExam exam(List<ChunkKeys> generations) {
      return PlantedExams.blind(generations);
    }
  },
  /** What opens is proven, whatever content it is. */
  PROVEN_WITHOUT_RECOMPUTING {
    @Override
    public ChunkExam exam(List<ChunkKeys> generations) {
      return PlantedExams.believing(generations);
    }
  },
  /** What a page says in clear is never compared with what it needs. */
  CLEAR_LIST_NOT_COMPARED {
    @Override
    public ChunkExam exam(List<ChunkKeys> generations) {
      return PlantedExams.notComparing(generations);
    }
  },
  /** Who restores believes that what opens is what was asked for. */
  RESTORED_WITHOUT_RECOMPUTING {
    @Override
    public ChunkOpener opener(List<ChunkKeys> generations) {
      return PlantedOpeners.believing(generations);
    }
  },
  /** A receipt quotes the record before the one that it is about. */
  RECEIPT_OF_ANOTHER_RECORD {
    @Override
    public RecordLookup records(RecordLookup records) {
      return seq -> records.get(seq - 1);
    }
  }
}
