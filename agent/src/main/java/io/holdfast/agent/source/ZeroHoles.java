package io.holdfast.agent.source;

import io.holdfast.agent.backup.SourceFailure;
import io.holdfast.agent.backup.SourceFile;

/**
 * A disk image of which stretches of zeros count as holes, whole {@link #GRAIN_BYTES} of them: most
 * of a disk was never written to, and a device doesn't say so. Looks ahead by a window, which is
 * read once; a window's end may look like the beginning of a hole, which costs a cut there. One
 * thread.
 */
final class ZeroHoles implements SourceFile {
  static final int GRAIN_BYTES = 64 << 10;
  static final int WINDOW_BYTES = 4 << 20;

  private final SourceFile file;
  private final byte[] window = new byte[WINDOW_BYTES];
  private long start = -1;
  private int length;

  /** Takes over {@code file}. */
  ZeroHoles(SourceFile file) {
    this.file = file;
  }

  @Override
  public Stamp stamp() throws SourceFailure {
    return file.stamp();
  }

  @Override
  public int read(long position, byte[] into, int at, int count) throws SourceFailure {
    if (!isInWindow(position)) {
      return file.read(position, into, at, count);
    }
    int from = (int) (position - start);
    int some = Math.min(count, length - from);
    System.arraycopy(window, from, into, at, some);
    return some;
  }

  @Override
  public long nextData(long position) throws SourceFailure {
    long at = file.nextData(position);
    while (at >= 0) {
      look(at);
      if (!isInWindow(at)) {
        return -1; // it ends before
      }
      while (isInWindow(at) && isZero(at)) {
        at = nextGrain(at);
      }
      if (isInWindow(at)) {
        return at;
      }
      at = file.nextData(at);
    }
    return -1;
  }

  @Override
  public long nextHole(long position) throws SourceFailure {
    long told = file.nextHole(position);
    look(position);
    long at = position;
    while (isInWindow(at) && !isZero(at)) {
      at = nextGrain(at);
    }
    return at == position ? told : Math.min(told, at);
  }

  /** The window that {@code position} lies in. */
  private void look(long position) throws SourceFailure {
    long wanted = position / WINDOW_BYTES * WINDOW_BYTES;
    if (wanted == start) {
      return;
    }
    start = wanted;
    length = 0;
    while (length < WINDOW_BYTES) {
      int count = file.read(start + length, window, length, WINDOW_BYTES - length);
      if (count < 0) {
        return;
      }
      length += count;
    }
  }

  private boolean isInWindow(long position) {
    return start >= 0 && position >= start && position < start + length;
  }

  private static long nextGrain(long position) {
    return (position / GRAIN_BYTES + 1) * GRAIN_BYTES;
  }

  /** Whether what is left of the grain at {@code position} is zeros. */
  private boolean isZero(long position) {
    int to = (int) Math.min(nextGrain(position) - start, length);
    for (int i = (int) (position - start); i < to; i++) {
      if (window[i] != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    file.close();
  }
}
