package io.holdfast.coordinator.catalog.store;

import java.util.List;
import java.util.Optional;

/**
 * Reading from families. Returned arrays are the caller's own. Every call may block on a disk, and
 * in {@link RocksStore} pins the carrier of a virtual thread meanwhile. A row whose bytes are
 * damaged is CATALOG_DAMAGED, any other failure IO.
 */
public interface Reads {
  /** The value under {@code key}, if there is one. */
  Optional<byte[]> get(Family family, byte[] key);

  /** The values under {@code keys}, in their order. Cheaper than as many single gets. */
  List<Optional<byte[]>> multiGet(Family family, List<byte[]> keys);

  /**
   * A cursor over {@code family}, before its first row. It sees the family as it was when the
   * cursor was made (or, from a view, when the view was), belongs to one thread, and is closed by
   * its creator.
   */
  Cursor cursor(Family family);
}
