package io.holdfast.coordinator.leadership;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that owns a {@link Leadership}, named "journal". */
public final class LeadershipThread implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeadershipThread.class);

  private final Leadership leadership;
  private final Semaphore wake = new Semaphore(0);
  private final Thread thread;
  private volatile boolean closing;

  private LeadershipThread(Leadership leadership) {
    this.leadership = leadership;
    this.thread = Thread.ofPlatform().name("journal").unstarted(this::run);
  }

  /** Starts to poll; from now on nobody else may. */
  public static LeadershipThread start(Leadership leadership) {
    LeadershipThread owner = new LeadershipThread(leadership);
    leadership.onAppend(owner.wake::release);
    owner.thread.start();
    return owner;
  }

  private void run() {
    try {
      while (!closing) {
        LeadershipState before = leadership.state();
        Duration wait = leadership.poll();
        report(before, leadership.state());
        if (!wait.isZero() && wake.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS)) {
          wake.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("interrupted while idle");
    } finally {
      leadership.close();
    }
  }

  private static void report(LeadershipState before, LeadershipState now) {
    if (now instanceof LeadershipState.Blocked blocked) {
      if (!(before instanceof LeadershipState.Blocked)) {
        LOG.error("the journal can't be followed: {}", blocked.cause().getMessage());
      }
    } else if (!now.equals(before)) {
      LOG.info("leadership: {}", now);
    }
  }

  /**
   * Ends the thread after its present step and waits for that; the leadership is closed with it.
   */
  @Override
  public void close() {
    closing = true;
    wake.release();
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
