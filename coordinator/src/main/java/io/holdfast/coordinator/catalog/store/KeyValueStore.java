package io.holdfast.coordinator.catalog.store;

import java.nio.file.Path;

/**
 * Ordered families of rows with atomic batches: what the catalog needs of a store, so that a map in
 * memory can stand in for RocksDB. There is no log: what wasn't flushed may be gone after a stop,
 * and what remains is always a whole prefix of the batches, over all families together.
 *
 * <p>Reads are safe from any thread beside one writer; {@link #write}, {@link #flush} and {@link
 * #checkpoint} belong to one owner thread.
 */
public interface KeyValueStore extends Reads, AutoCloseable {
  /** A consistent view of all families as they are now; UNAVAILABLE once the store is closed. */
  StoreView view();

  /**
   * Writes all of {@code batch} or nothing; readers see all of it or nothing. Not durable until a
   * {@link #flush}. After a failure (IO, DISK_FULL) nothing of it is visible, and the store may
   * refuse every later write until it is opened anew.
   */
  void write(Batch batch);

  /** Makes every batch written so far durable. */
  void flush();

  /**
   * Flushes, and writes a copy of the store into {@code directory}, which mustn't exist and lies on
   * the same file system. The copy opens as a store that holds at least every batch written before
   * the call. After a failure whatever is in {@code directory} is the caller's to delete.
   */
  void checkpoint(Path directory);

  /**
   * Abandons what wasn't flushed and lets go of the directory, once the last open view and cursor
   * is closed. New reads are refused at once. Idempotent.
   */
  @Override
  void close();
}
