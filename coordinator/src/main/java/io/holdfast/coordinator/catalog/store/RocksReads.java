package io.holdfast.coordinator.catalog.store;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;

/** Reads under one set of options; the caller holds a lease while it calls. */
final class RocksReads {
  private final RocksHandles handles;
  private final Snapshot snapshot;

  /**
   * @param snapshot what to read, or null for the newest
   */
  RocksReads(RocksHandles handles, Snapshot snapshot) {
    this.handles = handles;
    this.snapshot = snapshot;
  }

  Optional<byte[]> get(Family family, byte[] key) {
    try (ReadOptions options = options()) {
      return Optional.ofNullable(handles.database().get(handles.family(family), options, key));
    } catch (RocksDBException e) {
      throw RocksErrors.whileRunning("reading the catalog", e);
    }
  }

  List<Optional<byte[]>> multiGet(Family family, List<byte[]> keys) {
    if (keys.isEmpty()) {
      return List.of();
    }
    try (ReadOptions options = options()) {
      var column = Collections.nCopies(keys.size(), handles.family(family));
      return handles.database().multiGetAsList(options, column, keys).stream()
          .map(Optional::ofNullable)
          .toList();
    } catch (RocksDBException e) {
      throw RocksErrors.whileRunning("reading the catalog", e);
    }
  }

  RocksCursor cursor(Family family, Lease lease) {
    return new RocksCursor(handles, family, this::options, lease);
  }

  private ReadOptions options() {
    ReadOptions options = new ReadOptions();
    return snapshot == null ? options : options.setSnapshot(snapshot);
  }
}
