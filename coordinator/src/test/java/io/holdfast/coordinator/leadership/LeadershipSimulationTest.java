package io.holdfast.coordinator.leadership;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.coordinator.journal.JournalClaims;
import io.holdfast.coordinator.journal.JournalSlots;
import io.holdfast.coordinator.journal.SlotOutcome;
import java.util.Optional;
import java.util.Random;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whole coordinators under seeds. A failing seed prints the command that runs it alone. */
class LeadershipSimulationTest {
  private static final String SEED = "holdfast.simulation.seed";
  private static final int STEPS = 300;

  @Test
  void everyClaimHoldsUnderFaultsAndLyingHints() {
    forSeeds(2000, LeadershipSimulationTest::simulate);
  }

  @Test
  @Tag("full")
  void everyClaimHoldsUnderMoreFaultsAndLyingHints() {
    forSeeds(50_000, LeadershipSimulationTest::simulate);
  }

  @Test
  void nobodyLeadsAVaultThatWasSetBackUntilAnOperatorAcceptsIt() {
    forSeeds(300, LeadershipSimulationTest::setBack);
  }

  @Test
  void aListTakenForTheEndOfTheJournalBreaksAClaim() {
    assertThrows(
        JournalClaims.Broken.class,
        () -> {
          for (long seed = 0; seed < 200; seed++) {
            simulate(seed, new Simulation(seed).through(ListTrustingSlots::new));
          }
        });
  }

  @Test
  void aStoreThatOverwritesBreaksAClaim() {
    assertThrows(
        AssertionError.class,
        () -> {
          for (long seed = 0; seed < 200; seed++) {
            Simulation simulation = new Simulation(seed);
            simulation.vault().overwrite();
            simulate(seed, simulation);
          }
        });
  }

  private static void simulate(long seed) {
    simulate(seed, new Simulation(seed));
  }

  private static void simulate(long seed, Simulation simulation) {
    simulation.vault().rage();
    simulation.run(STEPS);
    if (seed % 4 == 0) {
      simulation.vault().cutPower();
    }
    simulation.settle();
    simulation.checkJournal();
  }

  private static void setBack(long seed) {
    Simulation simulation = new Simulation(seed);
    simulation.vault().rage();
    simulation.run(STEPS);
    simulation.settle();
    long last = simulation.lastSlot();
    simulation.setBack(new Random(seed).nextLong(1, last));
    simulation.pollAll(10);
    simulation.checkNobodyForgets();
    simulation.acceptRollback();
    simulation.settle();
    assertTrue(simulation.lastSlot() > last + 1, "the rollback stands above everything seen");
  }

  private static void forSeeds(long count, LongConsumer run) {
    Long only = Long.getLong(SEED);
    LongStream seeds = only == null ? LongStream.range(0, count) : LongStream.of(only);
    seeds.forEach(seed -> {
      try {
        run.accept(seed);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(
            "seed "
                + seed
                + "; alone: mvn test -pl coordinator -am -Dtest=LeadershipSimulationTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -D"
                + SEED
                + "="
                + seed,
            e);
      }
    });
  }

  /** Plants the fault of believing that a list shows everything. */
  private record ListTrustingSlots(JournalSlots slots) implements JournalSlots {
    @Override
    public SlotOutcome create(long seq, byte[] record) {
      return slots.create(seq, record);
    }

    @Override
    public Optional<byte[]> read(long seq) {
      return seq <= slots.highestListed(0) ? slots.read(seq) : Optional.empty();
    }

    @Override
    public long highestListed(long above) {
      return slots.highestListed(above);
    }
  }
}
