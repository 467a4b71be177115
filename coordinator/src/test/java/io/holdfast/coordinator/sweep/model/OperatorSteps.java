package io.holdfast.coordinator.sweep.model;

import io.holdfast.coordinator.sweep.model.Entry.Flag;
import io.holdfast.coordinator.sweep.model.Scenario.Budget;

/** Retention, restores and their pins, checkpoints, and a follower that falls behind. */
final class OperatorSteps implements Steps {
  private final Scenario scenario;

  OperatorSteps(Scenario scenario) {
    this.scenario = scenario;
  }

  @Override
  public void from(State state, Next next) {
    if (scenario.allows(Budget.PRUNES)) {
      prune(state, next);
    }
    pin(state, next);
    checkpoint(state, next);
    follow(state, next);
  }

  private void prune(State state, Next next) {
    Catalog head = state.head();
    for (int left = head.live(); left != 0; left &= left - 1) {
      int bit = left & -left;
      boolean soft = state.can(Budget.UNDOS, scenario);
      State spent = soft ? state.spend(Budget.UNDOS) : state;
      next.step(
          spent.with(
              head.withSnapshots(head.live() & ~bit, soft ? head.soft() | bit : head.soft())),
          () -> Words.snapshots(bit, scenario) + (soft ? " is deleted, with undo" : " is pruned"));
    }
    for (int left = head.soft(); left != 0; left &= left - 1) {
      int bit = left & -left;
      next.step(
          state.with(head.withSnapshots(head.live() | bit, head.soft() & ~bit)),
          () -> "the deletion of " + Words.snapshots(bit, scenario) + " is undone");
      next.step(
          state.with(head.withSnapshots(head.live(), head.soft() & ~bit)),
          () -> "the undo of " + Words.snapshots(bit, scenario) + " ends");
    }
  }

  private void pin(State state, Next next) {
    if (!state.isPinned()) {
      int candidates = state.can(Budget.PINS, scenario) ? state.head().live() : 0;
      for (int left = candidates; left != 0; left &= left - 1) {
        int bit = left & -left;
        next.step(
            state.spend(Budget.PINS).withPin(bit),
            () -> "a restore pins " + Words.snapshots(bit, scenario));
      }
      return;
    }
    State released = state.with(state.packs().map(entry -> entry.without(Flag.PINNED)));
    next.step(released.withPin(0), () -> "the restore ends");
    if (!scenario.on(Rule.PIN_KEEPS_ITS_OPENING_SEQ)) {
      next.step(released, () -> "the pin is renewed, as if it had opened now");
    }
  }

  private void checkpoint(State state, Next next) {
    if (state.can(Budget.CHECKPOINTS, scenario)) {
      Packs packs = state.packs().map(OperatorSteps::inCheckpoint);
      next.step(
          state.spend(Budget.CHECKPOINTS).with(packs).withCheckpoint(state.head().kept()),
          () -> "a checkpoint is written and verified");
    }
  }

  private static Entry inCheckpoint(Entry entry) {
    boolean condemned = entry.is(Flag.CONDEMNED);
    Entry shifted = entry.without(Flag.IN_NEWEST, Flag.IN_OLDER);
    return shifted
        .with(Flag.IN_OLDER, entry.is(Flag.IN_NEWEST))
        .with(Flag.IN_NEWEST)
        .with(Flag.AGED_TWICE, condemned && entry.is(Flag.AGED_ONCE))
        .with(Flag.AGED_ONCE, condemned);
  }

  private void follow(State state, Next next) {
    if (state.behind() != null) {
      next.step(state.withBehind(null), () -> "the follower catches up");
    } else if (state.can(Budget.LAGS, scenario)) {
      next.step(
          state.spend(Budget.LAGS).withBehind(state.head()), () -> "the follower falls behind");
    }
  }
}
