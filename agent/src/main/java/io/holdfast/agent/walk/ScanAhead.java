package io.holdfast.agent.walk;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Runs scans ahead of the consumer, the earliest in path order first, and hands them out in order.
 *
 * <ul>
 *   <li>I1 The order list holds, in path order, every scan that runs or can lead to more. A scan's
 *       children stand before it, because what it can still lead to comes after them.
 *   <li>I2 At most {@code statAhead} scans run on workers, and none starts while {@code
 *       readyScansMax} wait for the consumer or the buffers are full.
 *   <li>I3 The consumer never waits for a scan that nobody runs: it runs such a one itself.
 *   <li>I4 The number of entries held is that of scans finished and not yet given back.
 * </ul>
 */
final class ScanAhead implements AutoCloseable {
  private final ScanContext context;
  private final Executor executor;
  private final WalkLimits limits;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Scan first;
  private int workers;
  private int running;
  private int ready;
  private long heldEntries;
  private long heldBytes;
  private long heldEntriesPeak;
  private boolean closed;

  ScanAhead(ScanContext context, Executor executor) {
    this.context = context;
    this.executor = executor;
    limits = context.options.limits();
  }

  /** Runs the scan everything begins with, on this thread. */
  void start(Scan scan) {
    lock.lock();
    try {
      first = scan;
    } finally {
      lock.unlock();
    }
    runHere(scan);
    hireWorkers();
  }

  /**
   * The next scan {@code parent} leads to, finished; null if there is none. What the parent or the
   * scan itself threw is thrown here.
   */
  Scan take(Scan parent) {
    Scan mine = null;
    Scan taken;
    lock.lock();
    try {
      taken = parent.children.poll();
      if (taken == null && !parent.hasNext()) {
        return null;
      }
      if (taken == null) {
        taken = spawn(parent);
        mine = taken;
      } else {
        await(taken);
        ready--;
      }
    } finally {
      lock.unlock();
    }
    if (mine != null) {
      runHere(mine);
    }
    hireWorkers();
    return intact(taken);
  }

  private void await(Scan scan) {
    while (!scan.done) {
      try {
        changed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new HoldfastException(ErrorCode.CANCELLED, "the walk was interrupted", e);
      }
    }
  }

  private static Scan intact(Scan scan) {
    switch (scan.failure) {
      case null -> {
        return scan;
      }
      case IOException e -> throw new UncheckedIOException(e);
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }

  /** The consumer is through with {@code scan}: its memory counts no longer. */
  void giveBack(Scan scan) {
    lock.lock();
    try {
      count(scan, -1);
    } finally {
      lock.unlock();
    }
  }

  /** The largest number of entries that were held at once. */
  long heldEntriesPeak() {
    lock.lock();
    try {
      return heldEntriesPeak;
    } finally {
      lock.unlock();
    }
  }

  private void count(Scan scan, int sign) {
    heldEntries += sign * (long) scan.bufferedEntries();
    heldBytes += sign * scan.bufferedBytes();
    heldEntriesPeak = Math.max(heldEntriesPeak, heldEntries);
    context.setFull(isFull());
  }

  private boolean isFull() {
    return heldEntries >= limits.bufferedEntriesMax() || heldBytes >= limits.bufferedBytesMax();
  }

  private void runHere(Scan scan) {
    run(scan);
    lock.lock();
    try {
      complete(scan);
    } finally {
      lock.unlock();
    }
  }

  private static void run(Scan scan) {
    try {
      scan.run();
    } catch (Exception | Error e) {
      scan.failure = e;
    }
  }

  private void complete(Scan scan) {
    scan.done = true;
    count(scan, 1);
    for (Scan child : scan.children) { // described in the same go
      count(child, 1);
      ready++;
      insertBefore(scan, child);
      unlinkIfExhausted(child);
    }
    unlinkIfExhausted(scan);
    changed.signalAll();
  }

  private Scan spawn(Scan parent) {
    Scan child = parent.spawn();
    insertBefore(parent, child);
    unlinkIfExhausted(parent);
    return child;
  }

  private void hireWorkers() {
    while (mayHire()) {
      try {
        executor.execute(this::work);
      } catch (RejectedExecutionException e) {
        dismiss(); // the consumer does it alone
        return;
      }
    }
  }

  /** Waits for the buffer to run half empty, so that a worker isn't woken for every directory. */
  private boolean mayHire() {
    lock.lock();
    try {
      boolean wanted =
          workers < limits.statAhead()
              && ready <= limits.readyScansMax() / 2
              && mayStart()
              && startable(workers - running) != null;
      workers += wanted ? 1 : 0;
      return wanted;
    } finally {
      lock.unlock();
    }
  }

  private boolean mayStart() {
    return !closed && ready + running < limits.readyScansMax() && !isFull();
  }

  /** The scan that leads to the earliest one after {@code skip} others, or null. */
  private Scan startable(int skip) {
    int left = skip;
    for (Scan scan = first; scan != null; scan = scan.next) {
      if (scan.done && scan.failure == null && left-- <= 0) {
        return scan;
      }
    }
    return null;
  }

  private void work() {
    Scan scan = nextForWorker(null);
    while (scan != null) {
      run(scan);
      scan = nextForWorker(scan);
      hireWorkers();
    }
  }

  private Scan nextForWorker(Scan finished) {
    lock.lock();
    try {
      if (finished != null) {
        running--;
        ready++;
        complete(finished);
      }
      Scan parent = mayStart() ? startable(0) : null;
      if (parent == null) {
        workers--;
        changed.signalAll();
        return null;
      }
      running++;
      Scan child = spawn(parent);
      parent.children.add(child);
      return child;
    } finally {
      lock.unlock();
    }
  }

  private void dismiss() {
    lock.lock();
    try {
      workers--;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void insertBefore(Scan scan, Scan added) {
    added.next = scan;
    added.previous = scan.previous;
    if (scan.previous == null) {
      first = added;
    } else {
      scan.previous.next = added;
    }
    scan.previous = added;
  }

  private void unlinkIfExhausted(Scan scan) {
    if (!scan.done || scan.hasNext()) {
      return;
    }
    if (scan.previous == null) {
      first = scan.next;
    } else {
      scan.previous.next = scan.next;
    }
    if (scan.next != null) {
      scan.next.previous = scan.previous;
    }
    scan.previous = null;
    scan.next = null;
  }

  /** Starts nothing more and waits for what runs; interrupts are kept for later. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      while (running > 0) { // a worker that starts later finds the walk closed
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }
}
