package io.holdfast.coordinator.sweep.model;

import static io.holdfast.coordinator.sweep.model.Scenario.Budget.ALONE;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.BASES;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.CHECKPOINTS;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.DELETES;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.ENDS;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.GARBAGE;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.HEALS;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.LAGS;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.LOSSES;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.PINS;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.PROOFS;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.PRUNES;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.REWRITES;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.SURPLUS;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.UNDOS;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.UNREADABLES;

/** Worlds of up to some million states, which cross what the small ones keep apart. */
enum LargeWorld {
  /** Lag, undo, bases and silence beside a sweep. */
  RETENTION(
      World.of(Shapes.page(), 4, 3, 1)
          .with(LAGS, 1)
          .with(PRUNES, 1)
          .with(UNDOS, 1)
          .with(BASES, 1)
          .with(ENDS, 1),
      1_022_105),
  /** Marks given up and begun again. */
  GIVEN_UP(
      World.of(Shapes.page(), 4, 3, 2).with(PROOFS, 1).with(PRUNES, 1).with(UNREADABLES, 1),
      260_308),
  /** A page of pages, a follower that lags behind two sweeps, a loss. */
  LAG_AND_LOSS(
      World.of(Shapes.tree(), 4, 2, 2).with(LAGS, 1).with(PRUNES, 1).with(LOSSES, 1), 3_166_329),
  /** A page of pages, forged, lost and healed. */
  FORGERY_AND_LOSS(
      World.of(Shapes.tree(), 5, 2, 1)
          .withForgers(0b10)
          .with(GARBAGE, 1)
          .with(PRUNES, 1)
          .with(LOSSES, 1)
          .with(HEALS, 1),
      2_849_850),
  /** Surplus beside three backups. */
  SURPLUS_AND_LOSS(
      World.of(Shapes.page(), 4, 3, 1)
          .with(SURPLUS, 1)
          .with(PROOFS, 1)
          .with(PRUNES, 1)
          .with(LOSSES, 1),
      1_606_306),
  /** Surplus of packs that are rewritten. */
  SURPLUS_AND_REWRITE(
      World.of(Shapes.pair(), 4, 2, 2).with(SURPLUS, 1).with(REWRITES, 1).with(PROOFS, 1),
      3_822_655),
  /** Two rewrites of pages, deleted and healed. */
  REWRITE_AND_DELETE(
      World.of(Shapes.siblings(), 3, 2, 2)
          .with(ALONE, 1)
          .with(REWRITES, 2)
          .with(LOSSES, 1)
          .with(HEALS, 1)
          .with(CHECKPOINTS, 2)
          .with(DELETES, 1),
      1_186_752),
  /** Surplus deleted beside a restore. */
  SURPLUS_AND_DELETE(
      World.of(Shapes.leaf(), 2, 2, 1)
          .with(SURPLUS, 1)
          .with(PROOFS, 1)
          .with(LOSSES, 1)
          .with(PRUNES, 1)
          .with(PINS, 1)
          .with(CHECKPOINTS, 2)
          .with(DELETES, 1),
      1_226_654),
  /** Two losses, one healed, two sweeps, and what is surplus deleted. */
  TWO_LOSSES(
      World.of(Shapes.leaf(), 2, 2, 2)
          .with(SURPLUS, 1)
          .with(PROOFS, 1)
          .with(LOSSES, 2)
          .with(HEALS, 1)
          .with(PRUNES, 1)
          .with(CHECKPOINTS, 2)
          .with(DELETES, 1),
      4_236_278);

  // Its collections can't be changed.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Scenario scenario;

  private final int states;

  LargeWorld(Scenario scenario, int states) {
    this.scenario = scenario;
    this.states = states;
  }

  Scenario scenario() {
    return scenario;
  }

  /** How many states it has with every rule on. */
  int states() {
    return states;
  }
}
