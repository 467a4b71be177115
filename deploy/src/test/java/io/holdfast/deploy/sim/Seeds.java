package io.holdfast.deploy.sim;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.LoggerFactory;

/** Runs worlds by their seeds. */
final class Seeds {
  private static final String SEED = "holdfast.sim.seed";
  private static final int EVENTS = 25;
  private static final int WORKERS = Runtime.getRuntime().availableProcessors();

  private Seeds() {}

  /**
   * So many seeds, or the one that a property names; answers what happened in all of them. As many
   * worlds at a time as there are processors: they share nothing, and each is one thread's at a
   * time. After the first that fails no other begins.
   */
  static Outcome run(Path scratch, int count, Seams seams) {
    quiet(); // before there are threads: whoever asks first would get a logger that isn't ready yet
    Long only = Long.getLong(SEED);
    long end = only == null ? count : only + 1;
    AtomicLong next = new AtomicLong(only == null ? 0 : only);
    List<Future<Outcome>> workers = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(WORKERS)) {
      for (int i = 0; i < WORKERS; i++) {
        workers.add(pool.submit(() -> work(scratch, next, end, seams)));
      }
    }
    Outcome sum = Outcome.NONE;
    for (Future<Outcome> worker : workers) {
      if (worker.state() == Future.State.FAILED) {
        throw new AssertionError(worker.exceptionNow().getMessage(), worker.exceptionNow());
      }
      sum = sum.plus(worker.resultNow());
    }
    return sum;
  }

  private static Outcome work(Path scratch, AtomicLong next, long end, Seams seams) {
    Outcome sum = Outcome.NONE;
    for (long seed = next.getAndIncrement(); seed < end; seed = next.getAndIncrement()) {
      try {
        sum = sum.plus(once(scratch, seed, seams));
      } catch (RuntimeException | AssertionError e) {
        next.set(end);
        throw new AssertionError("seed " + seed + "; alone: " + command(seed), e);
      }
    }
    return sum;
  }

  /** The claim that a world with {@code seams} breaks under this seed, if it does. */
  static Optional<String> broken(Path scratch, long seed, Seams seams) {
    try {
      once(scratch, seed, seams);
      return Optional.empty();
    } catch (Claims.Broken e) {
      return Optional.of(e.getMessage());
    }
  }

  private static String command(long seed) {
    return "mvn test -pl deploy -am -Dtest=SimulationTest#everyInvariantHoldsWhateverHappens"
        + " -Dsurefire.failIfNoSpecifiedTests=false -D"
        + SEED
        + "="
        + seed;
  }

  /** One world from founding to rest. */
  static Outcome once(Path scratch, long seed, Seams seams) {
    Path own = scratch.resolve("seed-" + seed);
    quiet();
    try {
      Files.createDirectories(own);
      return inside(own, seed, seams);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      SimCoordinator.deleteTree(own);
    }
  }

  private static Outcome inside(Path own, long seed, Seams seams) {
    try (World world = new World(seed, seams, own)) {
      try {
        world.run(EVENTS);
        world.settle();
        return world.outcome();
      } catch (RuntimeException | AssertionError e) {
        e.addSuppressed(new AssertionError(world.story()));
        throw e;
      }
    }
  }

  /** Product code reports every fault that the world makes; here they are no news. */
  private static void quiet() {
    ((Logger) LoggerFactory.getLogger("io.holdfast")).setLevel(Level.OFF);
  }
}
