package io.holdfast.coordinator.vault;

import java.nio.ByteBuffer;

/**
 * One object being written. Nobody sees any of it before {@link #finish} returns. For one thread at
 * a time. Whoever opened it closes it, after any outcome.
 */
public interface ObjectWriter extends AutoCloseable {
  ObjectName name();

  /** Bytes appended so far. */
  long size();

  /**
   * Takes all remaining bytes of the buffers, in order. After a failure the object can't be
   * finished any more.
   *
   * @throws io.holdfast.common.error.HoldfastException VAULT_FULL, VAULT_UNAVAILABLE
   */
  void append(ByteBuffer... buffers);

  /**
   * Makes the object durable and, atomically, visible; seals and consumes this writer. Returns the
   * object's size in bytes.
   *
   * @throws io.holdfast.common.error.HoldfastException VAULT_FULL or VAULT_UNAVAILABLE: nothing of
   *     it is or ever will be visible; OBJECT_EXISTS: the name is taken and untouched;
   *     VAULT_OUTCOME_UNKNOWN: it may be visible now or later, so abandon the name for ever
   */
  long finish();

  /** Abandons what was not finished: nothing of it stays visible. Never fails. */
  @Override
  void close();
}
