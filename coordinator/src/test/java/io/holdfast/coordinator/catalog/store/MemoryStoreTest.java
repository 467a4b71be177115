package io.holdfast.coordinator.catalog.store;

import java.nio.file.Path;

class MemoryStoreTest extends KeyValueStoreContract {
  @Override
  KeyValueStore open(Path directory) {
    return MemoryStore.open(directory);
  }
}
