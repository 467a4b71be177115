package io.holdfast.agent.restore;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkRef;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** How much of one window's work isn't done, and which of its chunks didn't open. Any thread. */
final class Outstanding {
  /** A chunk whose bytes didn't open, and what is still wanted of it. */
  record Unopened(ChunkWants wants, HoldfastException cause) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition none = lock.newCondition();
  private Map<ChunkRef, Unopened> unopened = new LinkedHashMap<>();
  private int count;
  private boolean ended;

  void add() {
    lock.lock();
    try {
      count++;
    } finally {
      lock.unlock();
    }
  }

  void done() {
    lock.lock();
    try {
      count--;
      if (count == 0) {
        none.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  void await() throws InterruptedException {
    lock.lock();
    try {
      while (count > 0) {
        none.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Told before {@link #done}: {@code wants} waits for another copy, or fails if none is sought.
   */
  void didNotOpen(ChunkRef chunk, ChunkWants wants, HoldfastException cause) {
    if (!waits(chunk, new Unopened(wants, cause))) {
      wants.fail(cause);
    }
  }

  private boolean waits(ChunkRef chunk, Unopened one) {
    lock.lock();
    try {
      if (!ended) {
        unopened.put(chunk, one);
      }
      return !ended;
    } finally {
      lock.unlock();
    }
  }

  /** What hasn't opened since this was asked last. */
  Map<ChunkRef, Unopened> takeUnopened() {
    lock.lock();
    try {
      Map<ChunkRef, Unopened> taken = unopened;
      unopened = new LinkedHashMap<>();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** No other copy is sought from now on; answers what waits for one. */
  Map<ChunkRef, Unopened> end() {
    lock.lock();
    try {
      ended = true;
      return takeUnopened();
    } finally {
      lock.unlock();
    }
  }
}
