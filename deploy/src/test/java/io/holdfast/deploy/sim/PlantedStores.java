package io.holdfast.deploy.sim;

import io.holdfast.coordinator.catalog.rebuild.StoreFactory;
import io.holdfast.coordinator.catalog.store.KeyValueStore;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** Stores with a fault around each. */
record PlantedStores(StoreFactory target, UnaryOperator<KeyValueStore> fault)
    implements StoreFactory {
  @Override
  public KeyValueStore open(Path directory) {
    return fault.apply(target.open(directory));
  }

  @Override
  public KeyValueStore openReadOnly(Path directory) {
    return target.openReadOnly(directory);
  }
}
