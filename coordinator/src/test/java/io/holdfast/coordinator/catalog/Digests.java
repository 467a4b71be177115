package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.Bytes32;
import io.holdfast.coordinator.catalog.store.KeyValueStore;
import io.holdfast.coordinator.catalog.store.MemoryStore;
import java.util.ArrayList;
import java.util.List;

/** What a journal should come to: digests of a catalog that was never disturbed. */
public final class Digests {
  private Digests() {}

  /** After all of {@code journal}. */
  public static Bytes32 of(JournalScript journal) {
    KeyValueStore store = MemoryStore.open(null);
    try (Catalog catalog = Catalog.open(store, journal, CatalogConfig.defaults())) {
      journal.records().forEach(catalog::apply);
      return of(catalog);
    }
  }

  /** After 0 records, 1 record, and so on. */
  public static List<Bytes32> afterEach(JournalScript journal) {
    List<Bytes32> digests = new ArrayList<>();
    KeyValueStore store = MemoryStore.open(null);
    try (Catalog catalog = Catalog.open(store, journal, CatalogConfig.defaults())) {
      digests.add(of(catalog));
      for (AppliedRecord record : journal.records()) {
        catalog.apply(record);
        digests.add(of(catalog));
      }
    }
    return digests;
  }

  public static Bytes32 of(Catalog catalog) {
    try (CatalogView view = catalog.view()) {
      return view.digest();
    }
  }
}
