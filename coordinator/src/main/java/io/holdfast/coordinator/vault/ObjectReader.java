package io.holdfast.coordinator.vault;

import java.nio.ByteBuffer;

/**
 * One open object. Reads are positional and may run in many threads at once. Whoever opened it
 * closes it; reads after that fail.
 */
public interface ObjectReader extends AutoCloseable {
  ObjectName name();

  /** Length in bytes, as it was when the object was opened. */
  long size();

  /**
   * Fills all that remains of the buffer from {@code offset} on.
   *
   * @throws io.holdfast.common.error.HoldfastException MALFORMED if the object ends before the
   *     buffer is full (nothing about the buffer's content is promised then), VAULT_UNAVAILABLE if
   *     the read failed and may succeed later
   */
  void read(long offset, ByteBuffer into);

  @Override
  void close();
}
