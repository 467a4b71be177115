package io.holdfast.coordinator.catalog.store;

/**
 * Ceilings on what one RocksDB takes. Filters and index blocks live in the block cache, so memory
 * is about the cache plus the write buffers plus 1 MiB a background job.
 *
 * @param blockCacheBytes blocks, filters and index blocks kept in memory
 * @param writeBufferBytes rows held before they are flushed, all families together; about twice
 *     that is in use while a flush runs
 * @param maxOpenFiles table files held open
 * @param backgroundJobs threads for flushes and compactions
 */
public record RocksConfig(
    long blockCacheBytes, long writeBufferBytes, int maxOpenFiles, int backgroundJobs) {
  private static final long MIB = 1L << 20;

  public RocksConfig {
    atLeast("block cache bytes", blockCacheBytes, MIB);
    atLeast("write buffer bytes", writeBufferBytes, MIB / 4);
    atLeast("max open files", maxOpenFiles, 32);
    atLeast("background jobs", backgroundJobs, 1);
  }

  /** 64 MiB of cache, 32 MiB of write buffers, 512 files, 2 jobs. */
  public static RocksConfig defaults() {
    return new RocksConfig(64 * MIB, 32 * MIB, 512, 2);
  }

  private static void atLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " is " + value + ", must be at least " + least);
    }
  }
}
