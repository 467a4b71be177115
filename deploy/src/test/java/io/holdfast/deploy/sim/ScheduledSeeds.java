package io.holdfast.deploy.sim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Runs worlds of schedules by their seeds, one after another, as {@link Seeds} says why. */
final class ScheduledSeeds {
  static final String SEED = "holdfast.sim.seed";
  private static final String FIRST = "holdfast.sim.first";
  private static final int EVENTS = 30;

  private ScheduledSeeds() {}

  /**
   * So many seeds from the one on that a property names, or another one alone; answers what
   * happened in all of them.
   */
  static ScheduledWorld.Outcome run(Path scratch, int count, Seams seams) {
    Long only = Long.getLong(SEED);
    long first = only == null ? Long.getLong(FIRST, 0) : only;
    ScheduledWorld.Outcome sum = ScheduledWorld.Outcome.NONE;
    for (long seed = first; seed < first + (only == null ? count : 1); seed++) {
      try {
        sum = sum.plus(once(scratch, seed, seams));
      } catch (RuntimeException | AssertionError e) {
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
    return "mvn test -pl deploy -am"
        + " -Dtest=ScheduleSimulationTest#noRunIsLostNoneIsDoubledWhateverHappens"
        + " -Dsurefire.failIfNoSpecifiedTests=false -D"
        + SEED
        + "="
        + seed;
  }

  /** One world from founding to rest. */
  static ScheduledWorld.Outcome once(Path scratch, long seed, Seams seams) {
    Path own = scratch.resolve("schedules-" + seed);
    Seeds.quiet();
    try {
      Files.createDirectories(own);
      return inside(own, seed, seams);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      SimCoordinator.deleteTree(own);
    }
  }

  private static ScheduledWorld.Outcome inside(Path own, long seed, Seams seams) {
    try (ScheduledWorld world = new ScheduledWorld(seed, seams, own)) {
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
}
