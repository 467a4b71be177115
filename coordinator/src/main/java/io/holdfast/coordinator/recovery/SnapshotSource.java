package io.holdfast.coordinator.recovery;

import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What a vault turned out to hold. One thread. */
interface SnapshotSource extends AutoCloseable {
  /** Every snapshot, in the order of ids. */
  void forEachSnapshot(Consumer<StoredSnapshot> visitor);

  Optional<StoredSnapshot> find(SnapshotId id);

  /** Every place that ever held the chunk: some may hold something else, or nothing, by now. */
  List<Place> places(ChunkRef chunk);

  @Override
  void close();
}
