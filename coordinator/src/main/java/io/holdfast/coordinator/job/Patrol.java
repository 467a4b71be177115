package io.holdfast.coordinator.job;

import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.fleet.OpenCalls;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The round that is made every second: silent agents are given up and the calls of revoked hosts
 * ended. Runs on a thread of its own until that is interrupted.
 */
public final class Patrol implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Patrol.class);
  private static final Duration ROUND = Duration.ofSeconds(1);

  private final Jobs jobs;
  private final OpenCalls calls;
  private final Time time;

  public Patrol(Jobs jobs, OpenCalls calls, Time time) {
    this.jobs = jobs;
    this.calls = calls;
    this.time = time;
  }

  @Override
  public void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        attempt(calls::poll);
        attempt(jobs::poll);
        time.sleep(ROUND);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // asked to stop
    }
  }

  /** A round that fails, because the catalog can't be read, is made again a second later. */
  private static void attempt(Runnable round) {
    try {
      round.run();
    } catch (RuntimeException e) {
      LOG.warn("a round over sessions failed and is made again in a second", e);
    }
  }
}
