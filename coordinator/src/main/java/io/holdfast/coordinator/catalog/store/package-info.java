/**
 * The store under the catalog: ordered families of rows, atomic batches, consistent views, flush
 * and checkpoint, as one interface ({@link io.holdfast.coordinator.catalog.store.KeyValueStore})
 * and its RocksDB form.
 *
 * <p>Owns: everything that touches {@code org.rocksdb}, the options chosen for it, and the ceilings
 * on its memory ({@link io.holdfast.coordinator.catalog.store.RocksConfig}).
 *
 * <p>Must never: know what a row means; hold more in memory than its configuration says; use
 * RocksDB's write-ahead log (the journal is the log, and two logs could disagree).
 *
 * <p>Threads: many readers beside one owner that writes. Native calls pin the carriers of virtual
 * threads. Handles are freed by whoever made them in reverse order, and not before the last reader
 * has left: a call on a freed handle would end the process.
 *
 * <p>Files: one directory a store, RocksDB's own files. A family is a column family whose name
 * begins with its number; numbers are never reused. Keys order as unsigned bytes.
 *
 * <p>Tests: {@code KeyValueStoreContract}, which RocksDB and a map in memory both pass.
 */
package io.holdfast.coordinator.catalog.store;
