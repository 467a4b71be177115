package io.holdfast.coordinator.node;

import com.google.common.util.concurrent.Uninterruptibles;
import io.holdfast.common.seam.Time;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something done again and again on a thread of its own, until closed. Any thread may have the next
 * round made sooner.
 */
final class Rounds implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

  /** One round. */
  @FunctionalInterface
  interface Round {
    void make() throws InterruptedException;
  }

  private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

  private final String name;
  private final Round round;
  private final Time time;
  private final Semaphore wanted = new Semaphore(0);
  private Thread thread;

  private Rounds(String name, Round round, Time time) {
    this.name = name;
    this.round = round;
    this.time = time;
  }

  /** A round that fails is logged and made again after the pause. */
  static Rounds start(String name, Duration pause, Time time, Round round) {
    return start(name, pause, pause, time, round);
  }

  /**
   * As {@link #start(String, Duration, Time, Round)}, where a round that is {@link #wake wanted}
   * comes sooner.
   *
   * @param least pause all the same, so that a crowd who want it cost no more than this
   */
  static Rounds start(String name, Duration pause, Duration least, Time time, Round round) {
    Rounds rounds = new Rounds(name, round, time);
    rounds.thread =
        Thread.ofPlatform().name(name).daemon().start(() -> rounds.run(least, pause.minus(least)));
    return rounds;
  }

  private void run(Duration least, Duration more) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        attempt();
        time.sleep(least);
        if (more.isPositive()) {
          var _ = wanted.tryAcquire(more.toNanos(), TimeUnit.NANOSECONDS);
        }
        wanted.drainPermits(); // before the round: what is wanted during it wants another one
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // asked to stop
    }
  }

  private void attempt() throws InterruptedException {
    try {
      round.make();
    } catch (RuntimeException e) {
      LOG.warn("a round of {} failed and is made again: {}", name, e.toString());
    }
  }

  /** Has the next round made as soon as it may. */
  void wake() {
    wanted.release();
  }

  @Override
  public void close() {
    thread.interrupt();
    Uninterruptibles.joinUninterruptibly(thread, STOP_WITHIN);
  }
}
