package io.holdfast.coordinator.node;

import com.google.common.util.concurrent.Uninterruptibles;
import io.holdfast.common.seam.Time;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Something done again and again on a thread of its own, until closed. */
final class Rounds implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

  /** One round. */
  @FunctionalInterface
  interface Round {
    void make() throws InterruptedException;
  }

  private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

  private final Thread thread;

  private Rounds(Thread thread) {
    this.thread = thread;
  }

  /** A round that fails is logged and made again after the pause. */
  static Rounds start(String name, Duration pause, Time time, Round round) {
    Thread thread =
        Thread.ofPlatform()
            .name(name)
            .daemon()
            .start(() -> {
              try {
                while (!Thread.currentThread().isInterrupted()) {
                  attempt(name, round);
                  time.sleep(pause);
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // asked to stop
              }
            });
    return new Rounds(thread);
  }

  private static void attempt(String name, Round round) throws InterruptedException {
    try {
      round.make();
    } catch (RuntimeException e) {
      LOG.warn("a round of {} failed and is made again: {}", name, e.toString());
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    Uninterruptibles.joinUninterruptibly(thread, STOP_WITHIN);
  }
}
