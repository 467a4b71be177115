package io.holdfast.coordinator.retention;

import java.util.function.Consumer;

/**
 * The snapshots of one source set of one host, live and deleted, each once. Read more than once and
 * never held: every reading has to hand out the same, as a view of the catalog does. The order is
 * of no consequence.
 */
@FunctionalInterface
public interface SnapshotHistory {
  void forEach(Consumer<SnapshotFacts> visitor);
}
