package io.holdfast.deploy.sim;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulation of schedules would notice. */
class PlantedSchedulesTest {
  private static final int SEEDS_MAX = 40;

  @TempDir private Path scratch;

  @ParameterizedTest
  @EnumSource(PlantedSchedules.class)
  void everyPlantedBugBreaksAClaimWithinAFewSeeds(PlantedSchedules bug) {
    long seed = 0;
    Optional<String> broken = Optional.empty();
    while (broken.isEmpty() && seed < SEEDS_MAX) {
      broken = ScheduledSeeds.broken(scratch, seed++, bug);
    }
    assertTrue(broken.isPresent(), bug + " broke nothing in " + SEEDS_MAX + " seeds");
    assertFalse(
        broken.get().startsWith("nothingWaitsForEver"), "noticed as what it is: " + broken.get());
  }
}
