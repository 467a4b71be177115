package io.holdfast.agent.source;

import io.holdfast.agent.posix.PosixFile;
import java.util.ArrayDeque;

/**
 * Gives back to the host the pages of a large file that reading it brought into the page cache, and
 * only those: what the host had in its cache before, it works on. Reads come mostly in order.
 *
 * <p>The file is looked at in windows, each one {@link #AHEAD_BYTES} before it is read, because the
 * kernel reads ahead and what it read ahead looks as if it had always been there. Where the kernel
 * doesn't tell what is cached (it tells only whoever could write the file), nothing is given back.
 *
 * <p>Small files are left to the kernel: asking and advising would cost as much as reading them.
 * One thread.
 */
final class CacheSparing implements AutoCloseable {
  /** Files from this size on are worth the calls. */
  static final long FILE_BYTES_MIN = 1 << 20;

  static final int WINDOW_BYTES = 4 << 20;

  /**
   * More than the kernel reads ahead: twice its device's setting, since the file is said to be read
   * in order; that is 128 KiB by default and 8 MiB on some virtual disks.
   */
  static final int AHEAD_BYTES = 32 << 20;

  /** What was cached of a window before it was read. */
  private final class Window {
    private final byte[] cached = new byte[WINDOW_BYTES / PosixFile.cachePageBytes()];
    private long start;
    private boolean told;

    void look(long at) {
      start = at;
      told = file.tellCached(at, cached);
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
    }
  }

  private final PosixFile file;
  private final long sizeBytes;

  /** In order; the first is being read. */
  private final ArrayDeque<Window> looked = new ArrayDeque<>();

  private final ArrayDeque<Window> spare = new ArrayDeque<>();

  /** Spares the cache while {@code file}, which stays the caller's, is read. */
  CacheSparing(PosixFile file, long sizeBytes) {
    this.file = file;
    this.sizeBytes = sizeBytes;
    file.adviseSequential();
  }

  /** Bytes from {@code position} are about to be read. */
  void reading(long position) {
    long start = position / WINDOW_BYTES * WINDOW_BYTES;
    while (!looked.isEmpty() && looked.getFirst().start != start) {
      giveBackFirst();
    }
    long next = looked.isEmpty() ? start : looked.getLast().start + WINDOW_BYTES;
    for (; next <= start + AHEAD_BYTES && next < sizeBytes; next += WINDOW_BYTES) {
      Window window = spare.isEmpty() ? new Window() : spare.removeFirst();
      window.look(next);
      looked.addLast(window);
    }
  }

  private void giveBackFirst() {
    Window done = looked.removeFirst();
    done.giveBack();
    spare.addFirst(done);
  }

  /** Gives back what was read last, and what the kernel read ahead. */
  @Override
  public void close() {
    while (!looked.isEmpty()) {
      giveBackFirst();
    }
  }
}
