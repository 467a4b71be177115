package io.holdfast.agent.source;

import io.holdfast.agent.posix.PosixFile;

/**
 * Gives back to the host the pages of a large file that reading it brought into the page cache, and
 * only those: what the host had in its cache before, it works on. Reads come mostly in order.
 *
 * <p>The file is looked at in windows, each one a whole window before it is read, because the
 * kernel reads ahead and what it read ahead looks as if it had always been there. Where the kernel
 * doesn't tell what is cached (it tells only whoever could write the file), nothing is given back.
 *
 * <p>Small files are left to the kernel: asking and advising would cost as much as reading them.
 * One thread.
 */
final class CacheSparing implements AutoCloseable {
  /** Files from this size on are worth the calls. */
  static final long FILE_BYTES_MIN = 1 << 20;

  /** More than the kernel reads ahead. */
  static final int WINDOW_BYTES = 4 << 20;

  private static final long NONE = Long.MIN_VALUE;

  /** What was cached of a window before it was read. */
  private final class Window {
    private final byte[] cached = new byte[WINDOW_BYTES / PosixFile.cachePageBytes()];
    private long start = NONE;
    private boolean told;

    void look(long at) {
      start = at;
      told = at < sizeBytes && file.tellCached(at, cached);
    }

    void giveBack() {
      int page = 0;
      while (told && page < cached.length) {
        int from = page;
        while (page < cached.length && (cached[page] & 1) == 0) {
          page++;
        }
        if (page > from) {
          long pageBytes = PosixFile.cachePageBytes();
          file.adviseDontNeed(start + from * pageBytes, (page - from) * pageBytes);
        }
        page++;
      }
      told = false;
    }
  }

  private final PosixFile file;
  private final long sizeBytes;
  private Window current = new Window();
  private Window ahead = new Window();

  /** Spares the cache while {@code file}, which stays the caller's, is read. */
  CacheSparing(PosixFile file, long sizeBytes) {
    this.file = file;
    this.sizeBytes = sizeBytes;
    file.adviseSequential();
  }

  /** Bytes from {@code position} are about to be read. */
  void reading(long position) {
    long start = position / WINDOW_BYTES * WINDOW_BYTES;
    if (start == current.start) {
      return;
    }
    current.giveBack();
    if (start == ahead.start) {
      Window done = current;
      current = ahead;
      ahead = done;
    } else {
      ahead.giveBack();
      current.look(start);
    }
    ahead.look(start + WINDOW_BYTES);
  }

  /** Gives back what was read last, and what the kernel read ahead. */
  @Override
  public void close() {
    current.giveBack();
    ahead.giveBack();
  }
}
