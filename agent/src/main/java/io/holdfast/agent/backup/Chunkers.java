package io.holdfast.agent.backup;

import io.holdfast.common.chunking.ChunkSizes;
import io.holdfast.common.chunking.FastCdc;
import io.holdfast.common.chunking.GearTable;

/**
 * Which sizes a file is cut to, and whether it gets a block map at once: FORMAT.md, section 3. Any
 * thread.
 */
final class Chunkers {
  /** Files from this size on that are whole numbers of {@link #PAGE_BYTES} get a map at once. */
  private static final long PAGED_MINIMUM = 256 << 10;

  /** The unit that databases and images are written in. */
  private static final int PAGE_BYTES = 4_096;

  /** Files of PostgreSQL have at most this size. */
  private static final long IMAGE_OVER = 1L << 30;

  private final FastCdc files;
  private final FastCdc pages;
  private final FastCdc images;

  Chunkers(GearTable gear) {
    files = new FastCdc(gear, ChunkSizes.STANDARD);
    pages = new FastCdc(gear, ChunkSizes.PAGES);
    images = new FastCdc(gear, ChunkSizes.IMAGES);
  }

  /** The chunker of what has no size before its end. */
  FastCdc streams() {
    return files;
  }

  /** Whether a file of this size could be changed in place at all, at a price worth a map. */
  static boolean isLarge(long sizeBytes) {
    return sizeBytes >= PAGED_MINIMUM;
  }

  /** Whether a file of this size looks like one of a database, or an image. */
  static boolean looksPaged(long sizeBytes) {
    return isLarge(sizeBytes) && sizeBytes % PAGE_BYTES == 0;
  }

  /** Block size of the first map of a file of this size. */
  static int blockBytes(long sizeBytes) {
    return sizeBytes > IMAGE_OVER ? 16 << 10 : 8 << 10;
  }

  /**
   * The chunker of a file.
   *
   * @param sizeBytes what it had at the last backup, so that it is cut as before; if there was
   *     none, what it has
   */
  FastCdc of(long sizeBytes) {
    if (!looksPaged(sizeBytes)) {
      return files;
    }
    return sizeBytes > IMAGE_OVER ? images : pages;
  }
}
