package io.holdfast.agent.backup;

import java.io.Closeable;

/** Content that can be read once, from its beginning to an end that nobody knows before. */
public interface SourceStream extends Closeable {
  /**
   * What comes next, up to {@code length} bytes; waits for it. A stream that breaks off has no end:
   * it throws a HoldfastException, and that ends the run, of which nothing is committed then.
   *
   * @return how many bytes; -1 at the end, once it is known that all of it came
   */
  int read(byte[] into, int at, int length) throws InterruptedException;

  @Override
  void close();
}
