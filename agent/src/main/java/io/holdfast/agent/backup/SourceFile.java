package io.holdfast.agent.backup;

import java.io.Closeable;

/**
 * One open file of the host, as the walk saw it. One thread at a time. Reads don't keep the file's
 * pages in the host's cache.
 */
public interface SourceFile extends Closeable {
  /** What the file system says of it now. */
  record Stamp(
      long sizeBytes, long mtimeSeconds, int mtimeNanos, long ctimeSeconds, int ctimeNanos) {}

  Stamp stamp() throws SourceFailure;

  /** Reads up to {@code length} bytes at {@code position}; -1 at the end. */
  int read(long position, byte[] into, int at, int length) throws SourceFailure;

  /** The first byte at or after {@code position} that isn't in a hole; -1 if none is left. */
  long nextData(long position) throws SourceFailure;

  /** The first byte at or after {@code position} that is in a hole; the end counts as one. */
  long nextHole(long position) throws SourceFailure;

  @Override
  void close();
}
