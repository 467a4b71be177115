package io.holdfast.agent.restore;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkRef;
import java.util.LinkedHashMap;
import java.util.Map;

/** How much of one window's work isn't done, and which of its chunks didn't open. Any thread. */
final class Outstanding {
  /** A chunk whose bytes didn't open, and what is still wanted of it. */
  record Unopened(ChunkWants wants, HoldfastException cause) {}

  private Map<ChunkRef, Unopened> unopened = new LinkedHashMap<>();
  private int count;
  private boolean ended;

  synchronized void add() {
    count++;
  }

  synchronized void done() {
    count--;
    if (count == 0) {
      notifyAll();
    }
  }

  synchronized void await() throws InterruptedException {
    while (count > 0) {
      wait();
    }
  }

  /** Told before {@link #done}: {@code wants} waits for another copy, or fails if none is sought. */
  void didNotOpen(ChunkRef chunk, ChunkWants wants, HoldfastException cause) {
    synchronized (this) {
      if (!ended) {
        unopened.put(chunk, new Unopened(wants, cause));
        return;
      }
    }
    wants.fail(cause);
  }

  /** What hasn't opened since this was asked last. */
  synchronized Map<ChunkRef, Unopened> takeUnopened() {
    Map<ChunkRef, Unopened> taken = unopened;
    unopened = new LinkedHashMap<>();
    return taken;
  }

  /** No other copy is sought from now on; answers what waits for one. */
  synchronized Map<ChunkRef, Unopened> end() {
    ended = true;
    return takeUnopened();
  }
}
