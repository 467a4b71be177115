package io.holdfast.common.seam;

import java.io.Closeable;
import java.io.IOException;

/** The exclusive lock of a file, held until closed. */
public interface HeldLock extends Closeable {
  /** Gives the lock up; the file stays. Closing twice does nothing. */
  @Override
  void close() throws IOException;
}
