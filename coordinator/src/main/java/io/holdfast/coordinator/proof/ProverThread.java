package io.holdfast.coordinator.proof;

import io.holdfast.common.error.HoldfastException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that owns a {@link Prover}, named "proof". */
public final class ProverThread implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProverThread.class);
  private static final Duration AFTER_ERROR = Duration.ofMinutes(1);

  private final Prover prover;
  private final Semaphore wake = new Semaphore(0);
  private final Thread thread;
  private volatile boolean closing;

  private ProverThread(Prover prover) {
    this.prover = prover;
    this.thread = Thread.ofPlatform().name("proof").daemon().unstarted(this::run);
  }

  /** Starts to poll; from now on nobody else may. */
  public static ProverThread start(Prover prover) {
    ProverThread owner = new ProverThread(prover);
    owner.thread.start();
    return owner;
  }

  private void run() {
    try (prover) {
      while (!closing) {
        Duration wait = step();
        if (!wait.isZero() && wake.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS)) {
          wake.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("the proof was interrupted");
    }
  }

  private Duration step() throws InterruptedException {
    try {
      return prover.poll();
    } catch (HoldfastException e) {
      LOG.warn("the proof pauses: {}", e.getMessage());
      return AFTER_ERROR;
    } catch (RuntimeException e) { // its owner goes on: a proof that ended for good would go unseen
      LOG.error("the proof failed; report this", e);
      return AFTER_ERROR;
    }
  }

  /** Ends the walk under way at its next read, and waits for that. */
  @Override
  public void close() {
    closing = true;
    wake.release();
    prover.stop();
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
