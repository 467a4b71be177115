package io.holdfast.coordinator.catalog.store;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;

/**
 * Counts who is inside native code, so that handles are freed after the last one left: RocksDB
 * answers a call on a freed handle by ending the process. Any thread.
 */
final class Lease {
  private final Runnable whenFree;
  private int holders;
  private boolean closed;

  Lease(Runnable whenFree) {
    this.whenFree = whenFree;
  }

  /** Enters; every success is followed by one {@link #leave}. UNAVAILABLE once closed. */
  synchronized void enter() {
    if (closed) {
      throw new HoldfastException(
          ErrorCode.UNAVAILABLE, "the catalog's store is closed; the coordinator is stopping");
    }
    holders++;
  }

  void leave() {
    boolean free;
    synchronized (this) {
      holders--;
      free = closed && holders == 0;
    }
    if (free) {
      whenFree.run();
    }
  }

  /** Lets nobody in any more, and frees now or when the last holder leaves. Idempotent. */
  void close() {
    boolean free;
    synchronized (this) {
      free = !closed && holders == 0;
      closed = true;
    }
    if (free) {
      whenFree.run();
    }
  }
}
