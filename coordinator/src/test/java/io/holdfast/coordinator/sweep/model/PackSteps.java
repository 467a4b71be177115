package io.holdfast.coordinator.sweep.model;

import io.holdfast.coordinator.sweep.model.Entry.Flag;
import io.holdfast.coordinator.sweep.model.Scenario.Budget;

/** Rewrite (copy, then swap) and deletion. */
final class PackSteps implements Steps {
  private final Scenario scenario;
  private final Invariants invariants;

  PackSteps(Scenario scenario) {
    this.scenario = scenario;
    invariants = new Invariants(scenario);
  }

  @Override
  public void from(State state, Next next) {
    for (int pack = 0; pack < state.packs().count(); pack++) {
      if (state.rewrite() == State.REWRITE_NONE && state.can(Budget.REWRITES, scenario)) {
        copy(state, pack, next);
      } else if (state.packs().anyOf(pack, entry -> entry.is(Flag.COPIED))) {
        swapOrNot(state, pack, next);
      }
      if (scenario.allows(Budget.DELETES)) {
        delete(state, pack, next);
      }
    }
  }

  private void copy(State state, int pack, Next next) {
    Entry first = state.packs().at(2 * pack);
    Entry second = state.packs().at(2 * pack + 1);
    if (!second.exists() || isLeft(state, first) == isLeft(state, second)) {
      return;
    }
    int slot = isLeft(state, first) ? 2 * pack + 1 : 2 * pack;
    Entry live = state.packs().at(slot);
    if (live.is(Flag.LOST)) {
      return;
    }
    if (live.is(Flag.ROTTEN) && scenario.on(Rule.REWRITE_CHECKS_OLD_SUMS)) {
      next.loss(
          new ProofSteps(scenario).lost(state, slot),
          () -> "a rewrite finds that " + Words.entry(live, scenario) + " doesn't match its sum");
      return;
    }
    next.step(
        copied(state, slot, live),
        () ->
            "a rewrite copies "
                + Words.entry(live, scenario)
                + " and leaves "
                + Words.entry(live.equals(first) ? second : first, scenario)
                + " behind");
  }

  private boolean isLeft(State state, Entry entry) {
    boolean dead =
        state.mark() != null
            && state.mark().complete()
            && entry.is(Flag.OLD)
            && !entry.is(Flag.MARKED)
            && !scenario.on(Rule.REWRITE_LEAVES_ONLY_CONDEMNED);
    return entry.is(Flag.CONDEMNED) || dead;
  }

  private State copied(State state, int slot, Entry live) {
    State spent = state.spend(Budget.REWRITES).withRewrite(State.REWRITE_COPIED);
    Packs packs = spent.packs().mapAt(slot, entry -> entry.with(Flag.COPIED));
    return scenario.on(Rule.REWRITE_REGISTERS_NO_LOCATION)
        ? spent.with(packs)
        : spent.with(packs.plus(copyOf(live).with(Flag.TWIN), Entry.NONE));
  }

  /** Summed anew, rot is sealed in: from now on it is what the pack's footer says. */
  private static Entry copyOf(Entry live) {
    Entry moved = live.moved();
    return moved.is(Flag.ROTTEN) ? moved.without(Flag.ROTTEN).with(Flag.FAILED) : moved;
  }

  private void swapOrNot(State state, int pack, Next next) {
    boolean lost = state.rewrite() == State.REWRITE_LOST;
    if (lost && scenario.on(Rule.SWAP_NEEDS_ITS_NEW_PACK)) {
      Packs packs = state.packs().map(entry -> entry.without(Flag.COPIED));
      next.step(
          state.with(packs).withRewrite(State.REWRITE_NONE),
          () -> "the rewrite is given up: its new pack is lost");
      return;
    }
    swap(state, pack, next);
    if (!lost && state.can(Budget.LOSSES, scenario)) {
      next.loss(
          state.spend(Budget.LOSSES).withRewrite(State.REWRITE_LOST),
          () -> "the rewrite's new pack is lost, and a record says so");
    }
  }

  private void swap(State state, int pack, Next next) {
    Entry first = state.packs().at(2 * pack);
    Entry live = first.is(Flag.COPIED) ? first : state.packs().at(2 * pack + 1);
    Entry left = first.is(Flag.COPIED) ? state.packs().at(2 * pack + 1) : first;
    boolean adds =
        scenario.on(Rule.REWRITE_REGISTERS_NO_LOCATION)
            && (!live.is(Flag.CONDEMNED) || !scenario.on(Rule.SWAP_SKIPS_CONDEMNED));
    Packs packs =
        state
            .packs()
            .without(pack)
            .plus(leftBehind(live, state), leftBehind(left, state))
            .map(entry -> entry.without(Flag.TWIN));
    next.step(
        adds ? moved(state, packs, live) : state.withRewrite(State.REWRITE_NONE).with(packs),
        () ->
            "the swap moves "
                + (adds ? Words.entry(live, scenario) : "nothing")
                + " and condemns what it moved in the old pack");
  }

  private State moved(State after, Packs packs, Entry live) {
    Packs more = packs.plus(newLocation(after, live), Entry.NONE);
    return after.withRewrite(State.REWRITE_NONE).adding(more, 1 << live.chunk(), scenario);
  }

  private Entry leftBehind(Entry entry, State state) {
    if (entry.is(Flag.CONDEMNED)) {
      return entry.without(Flag.COPIED, Flag.FRESH);
    }
    boolean young = scenario.on(Rule.SWAP_IS_A_CONDEMN_OF_WHAT_IT_MOVES);
    Entry condemned = entry.without(Flag.COPIED, Flag.FRESH).condemned(young && state.isPinned());
    return condemned.with(Flag.AGED_ONCE, !young).with(Flag.AGED_TWICE, !young);
  }

  private Entry newLocation(State state, Entry live) {
    Entry moved = copyOf(live);
    boolean old =
        state.rewrite() == State.REWRITE_BEFORE_FENCE
            && !scenario.on(Rule.CANDIDATES_AGE_BY_LOCATION);
    boolean lost = state.rewrite() == State.REWRITE_LOST;
    boolean proven = !scenario.on(Rule.SWAP_CARRIES_UPLOADER_AND_PROOF);
    return moved
        .with(Flag.OLD, old)
        .with(Flag.LOST, lost)
        .with(Flag.FRESH, live.is(Flag.FRESH))
        .with(Flag.PROVEN, proven || moved.is(Flag.PROVEN));
  }

  /**
   * What a checkpoint alone needs stays until the checkpoint goes; what anything kept or pinned
   * needs is saved.
   */
  private void delete(State state, int pack, Next next) {
    if (!mayDelete(state.packs(), pack)) {
      return;
    }
    State after = state.with(state.packs().without(pack));
    boolean recomputes = scenario.on(Rule.DELETE_RECOMPUTES_REFERENCES);
    boolean wide = recomputes && scenario.on(Rule.DELETE_RECOMPUTES_FOR_PINS_AND_CHECKPOINTS);
    String words = Words.pack(state.packs(), pack, scenario);
    if (!scenario.on(Rule.DELETE_ASKS_WHAT_COUNTS) && isPresentElsewhere(state.packs(), pack)) {
      next.step(after, () -> words + " is deleted: its chunks are present elsewhere");
    } else if (recomputes && invariants.losesBytes(state, after, wide)) {
      next.step(
          rescued(state, pack), () -> words + " is still referenced: its bytes go into a new pack");
    } else if (!wide || invariants.unrestorable(state, after).isEmpty()) {
      next.step(after, () -> words + " is deleted");
    }
  }

  private static boolean isPresentElsewhere(Packs packs, int pack) {
    Packs others = packs.without(pack);
    return !packs.anyOf(
        pack,
        entry ->
            entry.exists()
                && !others.any(other ->
                    other.chunk() == entry.chunk()
                        && !other.is(Flag.CONDEMNED)
                        && !other.is(Flag.LOST)));
  }

  private boolean mayDelete(Packs packs, int pack) {
    boolean condemned =
        scenario.on(Rule.DELETE_ONLY_WHOLLY_CONDEMNED)
            ? !packs.anyOf(pack, entry -> !entry.is(Flag.CONDEMNED))
            : packs.anyOf(pack, entry -> entry.is(Flag.CONDEMNED));
    boolean pinned = packs.anyOf(pack, entry -> entry.is(Flag.PINNED));
    boolean young =
        packs.anyOf(pack, entry -> entry.is(Flag.CONDEMNED) && !entry.is(Flag.AGED_TWICE));
    return condemned
        && !(pinned && scenario.on(Rule.DELETE_IS_YOUNGER_THAN_NO_PIN))
        && !(young && scenario.on(Rule.DELETE_AFTER_TWO_CHECKPOINTS));
  }

  /**
   * New locations for the same bytes. What was condemned stays so, as if by the record that moved
   * it: no checkpoint knows the new ones.
   */
  private State rescued(State state, int pack) {
    Packs packs = state.packs();
    Entry first = packs.at(2 * pack);
    Entry second = packs.at(2 * pack + 1);
    Entry other = second.exists() ? second.moved() : Entry.NONE;
    boolean pinned = state.isPinned();
    Packs left =
        packs
            .without(pack)
            .plus(anew(first, pinned), second.exists() ? anew(second, pinned) : second);
    int chunks = 1 << first.chunk() | (second.exists() ? 1 << second.chunk() : 0);
    return state.adding(left.plus(first.moved(), other), chunks, scenario);
  }

  private static Entry anew(Entry entry, boolean pinned) {
    return entry.without(Flag.AGED_ONCE, Flag.AGED_TWICE).with(Flag.PINNED, pinned);
  }
}
