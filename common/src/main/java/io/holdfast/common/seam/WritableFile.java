package io.holdfast.common.seam;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A new file being written. For one thread at a time. After any failure what the file holds is
 * undefined: the caller deletes it and starts another.
 */
public interface WritableFile extends Closeable {
  /** Writes all remaining bytes of the buffers, in order, at the end of the file. */
  void append(ByteBuffer... buffers) throws IOException;

  /**
   * Writes all remaining bytes at {@code position}, which may lie past the end (leaving a hole).
   */
  void write(long position, ByteBuffer buffer) throws IOException;

  /** Length in bytes as written by this object. */
  long size();

  /** Makes content and length durable. A failure is final for this file. */
  void sync() throws IOException;

  /**
   * Says that nobody reads the file soon: what the host caches of it is given up, as far as it was
   * synced. Advice only, and nothing to a file system that has no cache.
   */
  default void leaveCache() {}

  /** Releases the handle; promises nothing about durability. Closing twice does nothing. */
  @Override
  void close() throws IOException;
}
