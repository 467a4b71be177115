package io.holdfast.deploy.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole system under seeds. A failing one prints the command that runs it alone. */
class SimulationTest {
  private static final String SEEDS = "holdfast.sim.seeds";

  @TempDir private Path scratch;

  @Test
  @Timeout(value = 40, unit = TimeUnit.MINUTES)
  void everyInvariantHoldsWhateverHappens() {
    Seeds.run(scratch, Integer.getInteger(SEEDS, 450), Seams.HONEST);
  }

  @Test
  @Tag("full")
  void everyInvariantHoldsForManyMoreSeeds() {
    Seeds.run(scratch, Integer.getInteger(SEEDS, 10_000), Seams.HONEST);
  }

  /** Hosts with keys of their own, at coordinators that have none. */
  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void everyInvariantHoldsInAPrivateRepository() {
    int seeds = Integer.getInteger(SEEDS, 200);
    Outcome sum = Seeds.run(scratch, seeds, Seams.PRIVATE);
    assertTrue(
        Long.getLong("holdfast.sim.seed") != null || sum.acknowledged() > 5L * seeds, sum + "");
  }

  @Test
  void theSameSeedDoesTheSame() {
    for (long seed = 0; seed < 3; seed++) {
      Outcome first = Seeds.once(scratch, seed, Seams.HONEST);
      assertEquals(first, Seeds.once(scratch, seed, Seams.HONEST));
      assertEquals(0, first.foreignWakeUps(), "every choice is the seed's");
    }
  }

  /** A world in which nothing succeeds would keep every invariant. */
  @Test
  void worldsAreLivelyEnoughToShowSomething() {
    int seeds = 12;
    Outcome sum = Outcome.NONE;
    for (long seed = 0; seed < seeds; seed++) {
      sum = sum.plus(Seeds.once(scratch, seed, Seams.HONEST));
    }
    assertTrue(sum.acknowledged() > 5L * seeds, sum + "");
    assertTrue(sum.restored() > 2L * seeds, sum + "");
    assertTrue(sum.records() > 20L * seeds, sum + "");
    assertTrue(sum.deletedPacks() > 2, sum + "");
  }
}
