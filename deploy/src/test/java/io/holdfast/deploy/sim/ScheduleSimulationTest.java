package io.holdfast.deploy.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Schedules, orders and ordered restores under seeds. A failing one prints the command that runs it
 * alone.
 */
class ScheduleSimulationTest {
  private static final String SEEDS = "holdfast.sim.seeds";

  @TempDir private Path scratch;

  /** A world in which nothing succeeds would keep every claim, so they are counted. */
  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void noRunIsLostNoneIsDoubledWhateverHappens() {
    run(Integer.getInteger(SEEDS, 14));
  }

  @Test
  @Tag("full")
  @Timeout(value = 120, unit = TimeUnit.MINUTES)
  void noRunIsLostNoneIsDoubledForManyMoreSeeds() {
    run(Integer.getInteger(SEEDS, 1_500));
  }

  private void run(int seeds) {
    ScheduledWorld.Outcome sum = ScheduledSeeds.run(scratch, seeds, Seams.HONEST);
    if (Long.getLong(ScheduledSeeds.SEED) == null) {
      assertTrue(sum.ordered() > 12L * seeds, sum + "");
      assertTrue(sum.committedRuns() > 8L * seeds, sum + "");
      assertTrue(sum.restored() > seeds / 2, sum + "");
      assertTrue(sum.raisedAlarms() > seeds / 2, sum + "");
    }
  }

  @Test
  void theSameSeedDoesTheSame() {
    ScheduledWorld.Outcome first = ScheduledSeeds.once(scratch, 6, Seams.HONEST);
    assertEquals(first, ScheduledSeeds.once(scratch, 6, Seams.HONEST));
    assertEquals(0, first.foreignWakeUps(), "every choice is the seed's");
  }
}
