package io.holdfast.deploy.sim;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** Runs worlds by their seeds. */
final class Seeds {
  private static final String SEED = "holdfast.sim.seed";
  private static final String FIRST = "holdfast.sim.first";
  private static final int EVENTS = 25;

  private Seeds() {}

  /**
   * So many seeds from the one on that a property names, or another one alone; answers what
   * happened in all of them. One world after another: worlds side by side in one JVM meet at
   * monitors of the JDK's own, such as the list of cleanable objects, and one may wait for ever for
   * a killed thread of the other that is next in line and never runs again.
   */
  static Outcome run(Path scratch, int count, Seams seams) {
    Long only = Long.getLong(SEED);
    long first = only == null ? Long.getLong(FIRST, 0) : only;
    Outcome sum = Outcome.NONE;
    for (long seed = first; seed < first + (only == null ? count : 1); seed++) {
      try {
        sum = sum.plus(once(scratch, seed, seams));
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + "; alone: " + command(seed, seams), e);
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

  private static String command(long seed, Seams seams) {
    return "mvn test -pl deploy -am -Dtest=SimulationTest#"
        + (seams.isPrivate()
            ? "everyInvariantHoldsInAPrivateRepository"
            : "everyInvariantHoldsWhateverHappens")
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
  static void quiet() {
    ((Logger) LoggerFactory.getLogger("io.holdfast")).setLevel(Level.OFF);
  }
}
