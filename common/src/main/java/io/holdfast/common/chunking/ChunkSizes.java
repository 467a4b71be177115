package io.holdfast.common.chunking;

/**
 * Bounds of a data chunk in bytes. The average is a power of two: the masks follow from it, two
 * bits stricter below the average and two bits looser from there on (normalisation level 2), which
 * draws the sizes together.
 */
public record ChunkSizes(int minimumBytes, int averageBytes, int maximumBytes) {
  /** What format version 1 cuts files by that have no block map. */
  public static final ChunkSizes STANDARD = new ChunkSizes(256 << 10, 1 << 20, 4 << 20);

  /**
   * Files of a database: the block map finds what changed, equal stretches in other files are rare,
   * and the more of it lies in one chunk, the better it compresses.
   */
  public static final ChunkSizes PAGES = new ChunkSizes(512 << 10, 2 << 20, 4 << 20);

  /** Disk images: they hold files that stand elsewhere, too, in other surroundings. */
  public static final ChunkSizes IMAGES = new ChunkSizes(128 << 10, 512 << 10, 2 << 20);

  private static final int NORMALISATION = 2;
  private static final int LARGEST = 16 << 20;

  public ChunkSizes {
    if (minimumBytes < GearTable.WINDOW
        || averageBytes <= minimumBytes
        || maximumBytes <= averageBytes
        || maximumBytes > LARGEST
        || Integer.bitCount(averageBytes) != 1) {
      throw new IllegalArgumentException(
          "chunk sizes need 64 <= minimum < average (a power of two) < maximum <= 16 MiB, got "
              + minimumBytes
              + ", "
              + averageBytes
              + ", "
              + maximumBytes);
    }
  }

  /** Ones at the top for bytes below the average. */
  long strictMask() {
    return topBits(Integer.numberOfTrailingZeros(averageBytes) + NORMALISATION);
  }

  /** Ones at the top for bytes from the average on. */
  long looseMask() {
    return topBits(Integer.numberOfTrailingZeros(averageBytes) - NORMALISATION);
  }

  private static long topBits(int count) {
    return -1L << (Long.SIZE - count);
  }
}
