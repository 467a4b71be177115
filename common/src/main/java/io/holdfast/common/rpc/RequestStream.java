package io.holdfast.common.rpc;

import java.util.Optional;

/**
 * One bidirectional call as the side that serves it sees it, whatever carries it. {@code next} is
 * for the handler's thread; {@code send} may be called by any thread.
 */
public interface RequestStream<Q, A> {
  /**
   * The next request, waiting for it; empty once the caller has half-closed. Throws CANCELLED when
   * the caller is gone.
   */
  Optional<Q> next() throws InterruptedException;

  /** Sends once the carrier takes it. Throws CANCELLED when the caller is gone. */
  void send(A answer) throws InterruptedException;
}
