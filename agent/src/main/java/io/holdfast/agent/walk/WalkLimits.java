package io.holdfast.agent.walk;

/**
 * The walk's bounds on memory, threads and descriptors.
 *
 * @param statAhead scans running at once ahead of the consumer; 0 walks on the consumer's thread
 * @param readyScansMax finished scans waiting for the consumer
 * @param bufferedEntriesMax names and described entries held, beyond which nothing runs ahead
 * @param bufferedBytesMax the same in bytes
 * @param namesInMemoryMax names of one directory sorted in memory; more are sorted on disk
 * @param batchEntriesMax entries described by one scan
 * @param openDirectoriesMax descriptors of directories kept open for reuse
 */
public record WalkLimits(
    int statAhead,
    int readyScansMax,
    int bufferedEntriesMax,
    long bufferedBytesMax,
    int namesInMemoryMax,
    int batchEntriesMax,
    int openDirectoriesMax) {

  /**
   * What a directory may hold in memory once the buffers are full: with the deepest possible tree
   * this, and not {@link #namesInMemoryMax}, times the depth bounds the memory.
   */
  static final int NAMES_IN_MEMORY_WHEN_FULL = 64;

  public WalkLimits {
    requirePositive("readyScansMax", readyScansMax);
    requirePositive("bufferedEntriesMax", bufferedEntriesMax);
    requirePositive("bufferedBytesMax", bufferedBytesMax);
    requirePositive("namesInMemoryMax", namesInMemoryMax);
    requirePositive("batchEntriesMax", batchEntriesMax);
    requirePositive("openDirectoriesMax", openDirectoriesMax);
    if (statAhead < 0) {
      throw new IllegalArgumentException("statAhead must not be negative: " + statAhead);
    }
  }

  private static void requirePositive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive: " + value);
    }
  }

  public static WalkLimits defaults() {
    return new WalkLimits(8, 128, 131_072, 16L << 20, 50_000, 1_024, 128);
  }

  public WalkLimits withStatAhead(int scans) {
    return new WalkLimits(
        scans,
        readyScansMax,
        bufferedEntriesMax,
        bufferedBytesMax,
        namesInMemoryMax,
        batchEntriesMax,
        openDirectoriesMax);
  }

  public WalkLimits withNamesInMemory(int names, int batchEntries) {
    return new WalkLimits(
        statAhead,
        readyScansMax,
        bufferedEntriesMax,
        bufferedBytesMax,
        names,
        batchEntries,
        openDirectoriesMax);
  }

  public WalkLimits withBuffers(int entries, long bytes) {
    return new WalkLimits(
        statAhead,
        readyScansMax,
        entries,
        bytes,
        namesInMemoryMax,
        batchEntriesMax,
        openDirectoriesMax);
  }

  public WalkLimits withOpenDirectories(int directories) {
    return new WalkLimits(
        statAhead,
        readyScansMax,
        bufferedEntriesMax,
        bufferedBytesMax,
        namesInMemoryMax,
        batchEntriesMax,
        directories);
  }
}
