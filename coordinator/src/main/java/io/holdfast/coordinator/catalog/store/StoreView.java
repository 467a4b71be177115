package io.holdfast.coordinator.catalog.store;

/**
 * A store as it was at one moment: batches written later don't show. For one thread. The creator
 * closes it, after its cursors; an open view keeps old rows on disk, so it is held for one
 * operation and never for a session.
 */
public interface StoreView extends Reads, AutoCloseable {
  @Override
  void close();
}
