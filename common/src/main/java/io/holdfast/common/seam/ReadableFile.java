package io.holdfast.common.seam;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file. Reads are positional and may run in many threads at once. */
public interface ReadableFile extends Closeable {
  /**
   * Reads at {@code position} into the buffer; may read fewer bytes than remain.
   *
   * @return bytes read, or -1 at or past the end of the file
   */
  int read(long position, ByteBuffer into) throws IOException;

  /** Length in bytes. */
  long size() throws IOException;

  /** Releases the handle. Closing twice does nothing. */
  @Override
  void close() throws IOException;
}
