package io.holdfast.agent.backup;

import io.holdfast.common.error.HoldfastException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The ordered way from the merge to the pages, bounded. One producer, one consumer. Entries change
 * hands {@link #BATCH} at a time: waking the other side for each would cost more than the entry.
 */
final class EntryQueue {
  /** More than a bundle keeps waiting, so that the merge never waits for its own bundle. */
  static final int LIMIT = 2 * BundleAssembler.ENTRY_LIMIT + 1_024;

  static final int BATCH = 128;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<List<Upcoming>> waiting = new ArrayDeque<>();
  private int waitingEntries;
  private boolean ended;
  private HoldfastException failure;

  /** The producer's, not handed over yet. */
  private List<Upcoming> filling = new ArrayList<>(BATCH);

  /** The consumer's, and how far it came. */
  private List<Upcoming> taking = List.of();

  private int taken;

  /** Waits while full. What is added last is handed over by {@link #end} at the latest. */
  void add(Upcoming entry) throws InterruptedException {
    filling.add(entry);
    if (filling.size() < BATCH) {
      return;
    }
    lock.lock();
    try {
      while (waitingEntries >= LIMIT && failure == null) {
        changed.await();
      }
      refuseAfterFailure();
      handOver();
    } finally {
      lock.unlock();
    }
  }

  private void handOver() {
    waiting.add(filling);
    waitingEntries += filling.size();
    filling = new ArrayList<>(BATCH);
    changed.signalAll();
  }

  /** No more will come. */
  void end() {
    lock.lock();
    try {
      ended = true;
      handOver();
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
    while (taken == taking.size()) {
      Optional<List<Upcoming>> next = nextBatch();
      if (next.isEmpty()) {
        return null;
      }
      taking = next.get();
      taken = 0;
    }
    return taking.get(taken++);
  }

  private Optional<List<Upcoming>> nextBatch() throws InterruptedException {
    lock.lock();
    try {
      while (waiting.isEmpty() && !ended && failure == null) {
        changed.await();
      }
      refuseAfterFailure();
      Optional<List<Upcoming>> next = Optional.ofNullable(waiting.poll());
      waitingEntries -= next.map(List::size).orElse(0);
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
