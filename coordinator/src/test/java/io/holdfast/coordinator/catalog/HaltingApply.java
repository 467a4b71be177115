package io.holdfast.coordinator.catalog;

import io.holdfast.coordinator.catalog.store.RocksStore;
import java.nio.file.Path;

/**
 * A process that applies a journal and ends in the middle of it, with nothing closed or flushed.
 */
final class HaltingApply {
  static final long SEED = 7;
  static final int EXIT = 17;

  private HaltingApply() {}

  public static void main(String[] args) {
    JournalScript journal = RandomJournal.of(SEED, Integer.parseInt(args[1]));
    RocksStore store = RocksStore.open(Path.of(args[0]), Catalog.families(), DeterminismTest.TINY);
    Catalog catalog = Catalog.open(store, journal, new CatalogConfig(100_000));
    journal.records().forEach(catalog::apply);
    Runtime.getRuntime().halt(EXIT);
  }
}
