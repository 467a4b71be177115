package io.holdfast.deploy.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole system under seeds. A failing one prints the command that runs it alone. */
class SimulationTest {
  @TempDir private Path scratch;

  @Test
  void everyInvariantHoldsWhateverHappens() {
    Seeds.run(scratch, Integer.getInteger("holdfast.sim.seeds", 300), Seams.HONEST);
  }

  @Test
  void theSameSeedDoesTheSame() {
    for (long seed = 0; seed < 3; seed++) {
      assertEquals(Seeds.once(scratch, seed, Seams.HONEST), Seeds.once(scratch, seed, Seams.HONEST));
    }
  }
}
