package io.holdfast.coordinator.catalog.rebuild;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.common.id.Bytes32;
import io.holdfast.coordinator.catalog.AppliedRecord;
import io.holdfast.coordinator.catalog.Catalog;
import io.holdfast.coordinator.catalog.CatalogConfig;
import io.holdfast.coordinator.catalog.Digests;
import io.holdfast.coordinator.catalog.JournalScript;
import io.holdfast.coordinator.catalog.store.KeyValueStore;
import io.holdfast.coordinator.catalog.store.MemoryStore;
import java.nio.file.Path;

/** A coordinator's state directory, a vault and a journal, and the short words for using them. */
final class RebuildFixture {
  static final StoreFactory MEMORY =
      new StoreFactory() {
        @Override
        public KeyValueStore open(Path directory) {
          return MemoryStore.open(directory);
        }

        @Override
        public KeyValueStore openReadOnly(Path directory) {
          return MemoryStore.open(directory);
        }
      };

  final Path root;
  final JournalScript journal;
  final MemoryObjects objects = new MemoryObjects();
  private final StoreFactory stores;

  RebuildFixture(Path root, JournalScript journal, StoreFactory stores) {
    this.root = root;
    this.journal = journal;
    this.stores = stores;
  }

  CatalogOpener opener() {
    return opener(journal);
  }

  CatalogOpener opener(JournalScript footers) {
    return new CatalogOpener(
        root, new CatalogParts(stores, footers, objects, new CatalogConfig(10)));
  }

  OpenedCatalog open() {
    return opener().open(journal);
  }

  /** Opens, checks against an undisturbed catalog, and closes. */
  Origin reopen() {
    try (OpenedCatalog opened = open()) {
      checkAtHead(opened.catalog());
      return opened.origin();
    }
  }

  void checkAtHead(Catalog catalog) {
    assertEquals(journal.last().seq(), catalog.appliedSeq());
    assertEquals(Digests.of(journal), Digests.of(catalog));
  }

  /** Brings the catalog up to date, writes a checkpoint of it and records that. */
  WrittenCheckpoint checkpoint() {
    WrittenCheckpoint written = checkpointUnrecorded();
    record(written);
    return written;
  }

  WrittenCheckpoint checkpointUnrecorded() {
    try (OpenedCatalog opened = open()) {
      return write(opened.catalog());
    }
  }

  WrittenCheckpoint write(Catalog catalog) {
    CheckpointWriter writer = new CheckpointWriter(objects, stores);
    writer.take(catalog, opener().checkpointScratch());
    return writer.publish(opener().checkpointScratch());
  }

  AppliedRecord record(WrittenCheckpoint written) {
    return journal.record(JournalScript.change(c -> c.setCheckpointWritten(written.toChange())));
  }

  void wipe() {
    Directories.drop(root);
  }

  static String manifest(WrittenCheckpoint written) {
    return CheckpointNames.manifest(written.manifest().getSeq());
  }

  static String file(WrittenCheckpoint written) {
    byte[] sha256 = written.manifest().getFiles(0).getSha256().toByteArray();
    return CheckpointNames.file(Bytes32.of(sha256));
  }
}
