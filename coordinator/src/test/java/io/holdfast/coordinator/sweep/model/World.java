package io.holdfast.coordinator.sweep.model;

import static io.holdfast.coordinator.sweep.model.Scenario.Budget.ALONE;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.BASES;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.CHECKPOINTS;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.DELETES;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.ENDS;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.FOREIGN_FAILURES;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.GARBAGE;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.HEALS;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.LAGS;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.LOSSES;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.PACKS;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.PINS;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.PROOFS;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.PRUNES;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.RESTS;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.REWRITES;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.ROTS;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.SESSIONS;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.SURPLUS;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.SWEEPS;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.UNDOS;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.UNREADABLES;
import static io.holdfast.coordinator.sweep.model.Scenario.Budget.VOUCHES;

/** The worlds that are walked in every build: each small, each with what some rules are about. */
enum World {
  /** Backups, a follower that lags, one loss. */
  CHECKS(of(Shapes.page(), 4, 2, 0).with(LAGS, 1).with(LOSSES, 1).with(PROOFS, 1), 47_496),
  /** A page of pages, one sweep. */
  CHILD_PAGES(of(Shapes.tree(), 4, 2, 1).with(PROOFS, 1).with(PRUNES, 1), 192_313),
  /** Three backups beside two sweeps. */
  SWEEPS_BESIDE_BACKUPS(of(Shapes.page(), 4, 3, 2).with(PROOFS, 1).with(PRUNES, 1), 242_515),
  /** A follower that lags behind a sweep. */
  LAGGING(of(Shapes.page(), 4, 2, 1).with(LAGS, 1).with(PRUNES, 1), 43_844),
  /** Something is lost, and maybe healed. */
  LOSS(of(Shapes.page(), 4, 2, 1).with(LOSSES, 1).with(HEALS, 1).with(PROOFS, 1), 538_114),
  /** A mark is interrupted and resumed, and something is lost meanwhile. */
  INTERRUPTED(
      of(Shapes.page(), 4, 2, 1).with(RESTS, 1).with(LOSSES, 1).with(PRUNES, 1).with(HEALS, 1),
      65_164),
  /** Bases are pruned under their sessions; sessions fall silent. */
  SILENCE(
      of(Shapes.page(), 3, 3, 1).with(PROOFS, 1).with(PRUNES, 1).with(BASES, 1).with(ENDS, 1),
      51_790),
  /** Deletions are undone; footers can't be read for a while. */
  UNDO(of(Shapes.page(), 3, 2, 1).with(PRUNES, 1).with(UNDOS, 2).with(UNREADABLES, 1), 1_410),
  /** A stores garbage as D; a peer may believe it. */
  GARBAGE_DATA(
      of(Shapes.page(), 4, 2, 1)
          .withFaulty(0b01)
          .with(GARBAGE, 1)
          .with(VOUCHES, 1)
          .with(FOREIGN_FAILURES, 1),
      21_636),
  /** B forges pages. */
  FORGERY(of(Shapes.page(), 4, 3, 1).withForgers(0b10).with(GARBAGE, 1).with(PROOFS, 1), 178_757),
  /** B forges pages that name what is nowhere. */
  GHOSTS(of(Shapes.ghost(), 3, 2, 1).withForgers(0b10).with(GARBAGE, 1), 1_082),
  /** Surplus locations go while their survivors may be lost. */
  SURPLUS_DATA(
      of(Shapes.page(), 4, 2, 1).with(SURPLUS, 2).with(PROOFS, 1).with(LOSSES, 1), 161_236),
  /** The same with pages, and another sweep. */
  SURPLUS_PAGES(
      of(Shapes.page(), 3, 2, 2).with(SURPLUS, 1).with(PROOFS, 1).with(LOSSES, 1), 66_296),
  /** Surplus of an open session, and another sweep. */
  SURPLUS_UNDER_SESSIONS(
      of(Shapes.leaf(), 2, 2, 2).with(SURPLUS, 1).with(PROOFS, 1).with(PRUNES, 1), 8_109),
  /** Surplus is deleted, its survivor lost. */
  SURPLUS_DELETED(
      of(Shapes.leaf(), 2, 2, 1)
          .with(SURPLUS, 1)
          .with(PROOFS, 1)
          .with(LOSSES, 1)
          .with(PRUNES, 1)
          .with(CHECKPOINTS, 2)
          .with(DELETES, 1),
      328_105),
  /** So is surplus whose survivor was lost, and of which B stores another copy. */
  SURPLUS_DELETED_BESIDE_A_COPY(
      of(Shapes.leaf(), 3, 2, 1)
          .with(SURPLUS, 1)
          .with(PROOFS, 1)
          .with(LOSSES, 1)
          .with(CHECKPOINTS, 2)
          .with(DELETES, 1),
      331_302),
  /** A pack is rewritten between and within sweeps. */
  REWRITE(
      of(Shapes.pair(), 3, 2, 2).with(ALONE, 1).with(REWRITES, 1).with(LOSSES, 1).with(ROTS, 1),
      133_343),
  /** So is a pack of pages. */
  REWRITE_PAGES(
      of(Shapes.siblings(), 3, 2, 2)
          .with(ALONE, 1)
          .with(REWRITES, 1)
          .with(LOSSES, 1)
          .with(PRUNES, 1),
      63_442),
  /** So is a pack of garbage. */
  REWRITE_GARBAGE(
      of(Shapes.pair(), 4, 2, 1).withFaulty(0b01).with(GARBAGE, 1).with(REWRITES, 1), 201_320),
  /** A pack is rewritten and deleted beside checkpoints and a restore. */
  DELETE(
      of(Shapes.pair(), 3, 1, 1)
          .with(ALONE, 1)
          .with(REWRITES, 1)
          .with(PRUNES, 1)
          .with(PINS, 1)
          .with(CHECKPOINTS, 2)
          .with(DELETES, 1),
      32_518),
  /** A pack is deleted beside another backup. */
  DELETE_BESIDE_BACKUPS(
      of(Shapes.rest(), 3, 2, 1)
          .with(ALONE, 1)
          .with(PRUNES, 1)
          .with(CHECKPOINTS, 2)
          .with(DELETES, 1),
      65_363),
  /** What was condemned and deleted is uploaded anew. */
  UPLOAD_ANEW(
      of(Shapes.leaf(), 2, 2, 1)
          .with(ALONE, 1)
          .with(LAGS, 1)
          .with(PRUNES, 1)
          .with(CHECKPOINTS, 2)
          .with(DELETES, 1),
      32_175);

  // Its collections can't be changed.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Scenario scenario;

  private final int states;

  World(Scenario scenario, int states) {
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

  static Scenario of(Scenario shape, int packs, int sessions, int sweeps) {
    return shape.with(PACKS, packs).with(SESSIONS, sessions).with(SWEEPS, sweeps);
  }
}
