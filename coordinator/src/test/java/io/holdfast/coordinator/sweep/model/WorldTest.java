package io.holdfast.coordinator.sweep.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.coordinator.sweep.model.Invariants.Broken;
import io.holdfast.coordinator.sweep.model.Search.Result;
import java.util.EnumSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With every rule on, no step of any world breaks an invariant. */
class WorldTest {
  private static final int STATES_MAX = 6_000_000;

  /**
   * The number of states is held, too: a change of a step or a rule that makes a world smaller than
   * it was may have made it blind.
   */
  @ParameterizedTest
  @EnumSource
  void breaksNoInvariant(World world) {
    walk(world, world.scenario(), world.states());
  }

  @ParameterizedTest
  @EnumSource
  @Tag("full")
  void breaksNoInvariantIfLarge(LargeWorld world) {
    walk(world, world.scenario(), world.states());
  }

  private static void walk(Enum<?> world, Scenario scenario, int states) {
    Result result = new Search(scenario, EnumSet.allOf(Broken.class), STATES_MAX).run();
    System.out.println(world + ": " + result.states() + " states, depth " + result.depth());
    assertTrue(result.breach().isEmpty(), result::told);
    assertEquals(states, result.states(), "states of " + world);
  }
}
