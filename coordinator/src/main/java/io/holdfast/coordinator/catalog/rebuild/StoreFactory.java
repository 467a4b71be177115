package io.holdfast.coordinator.catalog.rebuild;

import io.holdfast.coordinator.catalog.Catalog;
import io.holdfast.coordinator.catalog.store.KeyValueStore;
import io.holdfast.coordinator.catalog.store.RocksConfig;
import io.holdfast.coordinator.catalog.store.RocksStore;
import java.nio.file.Path;

/** Opens the store of a catalog in a directory. */
public interface StoreFactory {
  /** Opens what {@code directory} holds, or a new store; CATALOG_DAMAGED if it doesn't open. */
  KeyValueStore open(Path directory);

  /** Opens an existing directory and changes none of its files. */
  KeyValueStore openReadOnly(Path directory);

  /** Stores in RocksDB, all within the same ceilings. */
  static StoreFactory rocks(RocksConfig config) {
    return new StoreFactory() {
      @Override
      public KeyValueStore open(Path directory) {
        return RocksStore.open(directory, Catalog.families(), config);
      }

      @Override
      public KeyValueStore openReadOnly(Path directory) {
        return RocksStore.openReadOnly(directory, Catalog.families(), config);
      }
    };
  }
}
