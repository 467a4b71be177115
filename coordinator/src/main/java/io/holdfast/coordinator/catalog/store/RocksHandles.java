package io.holdfast.coordinator.catalog.store;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBufferManager;

/**
 * The native objects of one open database, and the one place where its options are chosen. Freed in
 * the reverse order of their making.
 *
 * <ul>
 *   <li>{@code atomic_flush}: all families reach the disk together, or appliedSeq could survive a
 *       stop that other rows didn't.
 *   <li>Filters and index are partitioned and charged to the block cache: memory is bounded
 *       whatever the number of chunks.
 *   <li>The manager of write buffers bounds all families together; it charges the cache too, so an
 *       idle coordinator uses the whole cache for reading.
 * </ul>
 */
final class RocksHandles {
  private static final double FILTER_BITS_PER_KEY = 10;
  private static final long ARENA_BLOCK_BYTES = 16 << 10;
  private static final long LOG_BYTES = 1 << 20;

  private final Deque<AutoCloseable> owned = new ArrayDeque<>();
  private final Map<Family, ColumnFamilyHandle> families = new HashMap<>();
  private final RocksConfig config;
  private RocksDB database;

  private RocksHandles(RocksConfig config) {
    this.config = config;
  }

  /** Opens {@code directory}; to write, making it if needed, or only to read. */
  static RocksHandles open(
      Path directory, List<Family> families, RocksConfig config, boolean readOnly)
      throws RocksDBException {
    RocksLibrary.load();
    RocksHandles handles = new RocksHandles(config);
    boolean opened = false;
    try {
      handles.openDatabase(directory, families, readOnly);
      opened = true;
      return handles;
    } finally {
      if (!opened) {
        handles.close();
      }
    }
  }

  RocksDB database() {
    return database;
  }

  ColumnFamilyHandle family(Family family) {
    ColumnFamilyHandle handle = families.get(family);
    if (handle == null) {
      throw new IllegalArgumentException("the store has no family " + family);
    }
    return handle;
  }

  List<ColumnFamilyHandle> allFamilies() {
    return List.copyOf(families.values());
  }

  /** Frees everything, newest first. */
  void close() {
    while (!owned.isEmpty()) {
      free(owned.pop());
    }
  }

  private static void free(AutoCloseable handle) {
    try {
      handle.close();
    } catch (Exception e) {
      throw new IllegalStateException("freeing " + handle + " failed", e);
    }
  }

  private void openDatabase(Path directory, List<Family> wanted, boolean readOnly)
      throws RocksDBException {
    Cache cache = own(new LRUCache(config.blockCacheBytes()));
    DBOptions options = own(databaseOptions(cache));
    List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
    descriptors.add(
        new ColumnFamilyDescriptor(
            RocksDB.DEFAULT_COLUMN_FAMILY, own(familyOptions(new Family(99, "unused", 0), cache))));
    for (Family family : wanted) {
      byte[] name = family.storedName().getBytes(StandardCharsets.UTF_8);
      descriptors.add(new ColumnFamilyDescriptor(name, own(familyOptions(family, cache))));
    }
    List<ColumnFamilyHandle> opened = new ArrayList<>();
    database =
        own(
            readOnly
                ? RocksDB.openReadOnly(options, directory.toString(), descriptors, opened)
                : RocksDB.open(options, directory.toString(), descriptors, opened));
    opened.forEach(this::own);
    for (int i = 0; i < wanted.size(); i++) {
      families.put(wanted.get(i), opened.get(i + 1));
    }
  }

  private DBOptions databaseOptions(Cache cache) {
    WriteBufferManager buffers = own(new WriteBufferManager(config.writeBufferBytes(), cache));
    return new DBOptions()
        .setCreateIfMissing(true)
        .setCreateMissingColumnFamilies(true)
        .setAtomicFlush(true)
        .setAvoidFlushDuringShutdown(true)
        .setWriteBufferManager(buffers)
        .setMaxOpenFiles(config.maxOpenFiles())
        .setMaxBackgroundJobs(config.backgroundJobs())
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setMaxLogFileSize(LOG_BYTES)
        .setKeepLogFileNum(2)
        .setStatsDumpPeriodSec(0);
  }

  private ColumnFamilyOptions familyOptions(Family family, Cache cache) {
    ColumnFamilyOptions options =
        new ColumnFamilyOptions()
            .setWriteBufferSize(config.writeBufferBytes())
            .setArenaBlockSize(ARENA_BLOCK_BYTES)
            .setCompressionType(CompressionType.LZ4_COMPRESSION)
            .setLevelCompactionDynamicLevelBytes(true)
            .setTableFormatConfig(tables(family, cache));
    if (family.prefixBytes() > 0) {
      options
          .useFixedLengthPrefixExtractor(family.prefixBytes())
          .setMemtablePrefixBloomSizeRatio(0.05);
    }
    return options;
  }

  private BlockBasedTableConfig tables(Family family, Cache cache) {
    return new BlockBasedTableConfig()
        .setBlockCache(cache)
        .setFilterPolicy(own(new BloomFilter(FILTER_BITS_PER_KEY)))
        .setWholeKeyFiltering(family.prefixBytes() == 0)
        .setIndexType(IndexType.kTwoLevelIndexSearch)
        .setPartitionFilters(true)
        .setCacheIndexAndFilterBlocks(true)
        .setPinTopLevelIndexAndFilter(true);
  }

  private <T extends AutoCloseable> T own(T handle) {
    owned.push(handle);
    return handle;
  }
}
