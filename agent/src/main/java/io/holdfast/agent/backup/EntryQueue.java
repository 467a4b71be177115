package io.holdfast.agent.backup;

import io.holdfast.common.error.HoldfastException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The ordered way from the merge to the pages, bounded. One producer, one consumer. */
final class EntryQueue {
  /** More than a bundle keeps waiting, so that the merge never waits for its own bundle. */
  static final int LIMIT = 2 * BundleAssembler.ENTRY_LIMIT + 1_024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Upcoming> waiting = new ArrayDeque<>();
  private boolean ended;
  private HoldfastException failure;

  /** Waits while full. */
  void add(Upcoming entry) throws InterruptedException {
    lock.lock();
    try {
      while (waiting.size() >= LIMIT && failure == null) {
        changed.await();
      }
      refuseAfterFailure();
      waiting.add(entry);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** No more will come. */
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Wakes and fails both sides. */
  void fail(HoldfastException cause) {
    lock.lock();
    try {
      failure = failure == null ? cause : failure;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The next, or null after the last. */
  Upcoming take() throws InterruptedException {
    lock.lock();
    try {
      while (waiting.isEmpty() && !ended && failure == null) {
        changed.await();
      }
      refuseAfterFailure();
      Upcoming next = waiting.poll();
      changed.signalAll();
      return next;
    } finally {
      lock.unlock();
    }
  }

  private void refuseAfterFailure() {
    if (failure != null) {
      throw new HoldfastException(failure.code(), failure.getMessage(), failure);
    }
  }
}
