package io.holdfast.agent.restore;

import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A thread that fetches windows in order, so that the next one is gathered meanwhile. At most one
 * waits. Used by one thread.
 *
 * <ol>
 *   <li>I1: a window is settled before the next one is asked for.
 *   <li>I2: when it has ended, whatever happened, every window that it was given is settled or
 *       given up.
 *   <li>I3: what went wrong is thrown to who uses it.
 * </ol>
 */
final class FetchLane implements AutoCloseable {
  private final WindowFetch fetch;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread;

  // Guarded by lock.
  private Optional<Window> waiting = Optional.empty();
  private boolean complete;
  private boolean ended;
  private RuntimeException failure;

  // The lane's own.
  private Optional<Window> unsettled = Optional.empty();

  private FetchLane(WindowFetch fetch, ThreadFactory threads) {
    this.fetch = fetch;
    this.thread = threads.newThread(this::run);
  }

  static FetchLane start(WindowFetch fetch, ThreadFactory threads) {
    FetchLane lane = new FetchLane(fetch, threads);
    lane.thread.start();
    return lane;
  }

  /**
   * Takes {@code window} over, once the one before it is being fetched. It stays the caller's if
   * this throws.
   */
  void put(Window window) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (waiting.isPresent() && !ended) {
        changed.await();
      }
      if (ended) {
        throw failure();
      }
      waiting = Optional.of(window);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until all that was put is done. */
  void finish() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      complete = true;
      changed.signalAll();
      while (!ended) {
        changed.await();
      }
      if (failure != null) {
        throw failure();
      }
    } finally {
      lock.unlock();
    }
  }

  private RuntimeException failure() {
    return failure == null ? Fetching.ended() : failure;
  }

  private void run() {
    RuntimeException thrown = null;
    try {
      for (Optional<Window> next = next(); next.isPresent(); next = next()) {
        settle();
        unsettled = next;
        fetch.fetch(next.get());
      }
      settle();
    } catch (InterruptedException e) {
      thrown = Fetching.ended();
    } catch (RuntimeException e) {
      thrown = e;
    } finally {
      end(thrown);
    }
  }

  private Optional<Window> next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty() && !complete) {
        changed.await();
      }
      Optional<Window> next = waiting;
      waiting = Optional.empty();
      changed.signalAll();
      return next;
    } finally {
      lock.unlock();
    }
  }

  private void settle() throws InterruptedException {
    if (unsettled.isPresent()) {
      fetch.settle(unsettled.get());
      unsettled = Optional.empty();
    }
  }

  private void end(RuntimeException thrown) {
    unsettled.ifPresent(window -> WindowFetch.giveUp(window, Fetching.ended()));
    lock.lock();
    try {
      waiting.ifPresent(window -> WindowFetch.giveUp(window, Fetching.ended()));
      waiting = Optional.empty();
      failure = thrown;
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends it where it is, and waits for that. */
  @Override
  public void close() {
    thread.interrupt();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
