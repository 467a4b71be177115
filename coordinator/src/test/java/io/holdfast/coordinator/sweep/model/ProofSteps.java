package io.holdfast.coordinator.sweep.model;

import io.holdfast.coordinator.sweep.model.Entry.Flag;
import io.holdfast.coordinator.sweep.model.Scenario.Budget;

/** What proof finds out, what is lost, and who undoes what then. */
final class ProofSteps implements Steps {
  private static final int BOTH = 3;

  private final Scenario scenario;

  ProofSteps(Scenario scenario) {
    this.scenario = scenario;
  }

  @Override
  public void from(State state, Next next) {
    for (int slot = 0; slot < state.packs().slots(); slot++) {
      Entry entry = state.packs().at(slot);
      if (entry.exists() && !entry.is(Flag.LOST) && !entry.is(Flag.FAILED)) {
        prove(state, slot, entry, next);
        if (!entry.is(Flag.CONDEMNED) && !isCommitPathHeld(state)) {
          lose(state, slot, entry, next);
        }
        hear(state, slot, entry, next);
      } else if (entry.exists() && entry.is(Flag.LOST)) {
        heal(state, slot, entry, next);
      }
    }
  }

  private boolean isCommitPathHeld(State state) {
    boolean walked = state.head().ofA().walked() + state.head().ofB().walked() > 0;
    return walked && scenario.on(Rule.LOSS_HOLDS_THE_COMMIT_PATH);
  }

  private void prove(State state, int slot, Entry entry, Next next) {
    if (scenario.allows(Budget.PROOFS)
        && !entry.is(Flag.PROVEN)
        && !entry.is(Flag.GARBAGE)
        && !entry.is(Flag.CONDEMNED)
        && !entry.is(Flag.ROTTEN)) {
      next.step(set(state, slot, Flag.PROVEN), () -> Words.entry(entry, scenario) + " is proven");
    }
  }

  private void lose(State state, int slot, Entry entry, Next next) {
    if (!entry.is(Flag.GARBAGE) && state.can(Budget.LOSSES, scenario)) {
      next.loss(
          lost(state, slot), () -> Words.entry(entry, scenario) + " is lost, and a record says so");
    }
    if (entry.is(Flag.GARBAGE) && !entry.is(Flag.PROVEN)) {
      next.loss(
          failed(state, slot, entry), () -> Words.entry(entry, scenario) + " fails its proof");
    }
  }

  State lost(State state, int slot) {
    State after = set(state.spend(Budget.LOSSES), slot, Flag.LOST);
    return undo(after, BOTH, scenario.on(Rule.LOSS_EMPTIES_TRUST) ? BOTH : 0);
  }

  private State failed(State state, int slot, Entry entry) {
    boolean condemns = scenario.on(Rule.FAILED_PROOF_CONDEMNS);
    boolean pinned = state.isPinned();
    Packs packs =
        state
            .packs()
            .mapAt(slot, each -> (condemns ? each.condemned(pinned) : each).with(Flag.FAILED));
    if (entry.is(Flag.COPIED)) {
      packs = packs.map(each -> each.is(Flag.TWIN) ? each.with(Flag.FAILED) : each);
    }
    boolean wide =
        entry.is(Flag.VOUCHED) && scenario.on(Rule.FAILED_PROOF_UNTRUSTS_ALL_IT_COUNTED_FOR);
    int hosts = wide ? BOTH : 1 << entry.uploader();
    boolean untrusts = scenario.on(Rule.FAILED_PROOF_UNTRUSTS_ITS_UPLOADER);
    return undo(state.with(packs), hosts, untrusts ? hosts : 0);
  }

  /** Undoes what was checked for {@code checks} and what is trusted for {@code trust} (hosts). */
  private State undo(State state, int checks, int trust) {
    State after = scenario.on(Rule.CHECK_DIES_WITH_A_LOSS) ? undoChecks(state, checks) : state;
    int kept = after.head().trusted();
    for (int host = 0; host < Catalog.HOSTS; host++) {
      kept &= (trust & 1 << host) != 0 ? ~Catalog.allOf(host) : -1;
    }
    State untrusted = after.with(after.head().withTrusted(kept));
    return untrusted.takenUp(mark -> mark.andLoss(checks), scenario);
  }

  static State undoChecks(State state, int hosts) {
    Packs packs = state.packs();
    for (int host = 0; host < Catalog.HOSTS; host++) {
      if ((hosts & 1 << host) != 0) {
        Flag checked = Entry.checkedFor(host);
        packs = packs.map(entry -> entry.without(checked));
      }
    }
    return state.with(packs).withUndone(hosts);
  }

  private void hear(State state, int slot, Entry entry, Next next) {
    if (!entry.is(Flag.CONDEMNED) && !entry.is(Flag.PROVEN)) {
      if (state.can(Budget.VOUCHES, scenario) && !entry.is(Flag.VOUCHED)) {
        next.step(
            set(state.spend(Budget.VOUCHES), slot, Flag.VOUCHED),
            () -> "an accepted peer says that " + Words.entry(entry, scenario) + " is proven");
      }
    }
    // After its copy was made, rot spoils only what the swap leaves behind.
    boolean sound = !entry.is(Flag.ROTTEN) && !entry.is(Flag.COPIED);
    if (state.can(Budget.ROTS, scenario) && sound) {
      next.step(
          set(state.spend(Budget.ROTS), slot, Flag.ROTTEN),
          () -> Words.entry(entry, scenario) + " rots, and nobody knows");
    }
    if (state.can(Budget.FOREIGN_FAILURES, scenario)
        && !scenario.on(Rule.FOREIGN_FAILURES_CONDEMN_NOTHING)
        && !entry.is(Flag.CONDEMNED)) {
      next.step(
          state
              .spend(Budget.FOREIGN_FAILURES)
              .with(state.packs().mapAt(slot, each -> each.condemned(state.isPinned()))),
          () -> "another site says that " + Words.entry(entry, scenario) + " failed its proof");
    }
  }

  private void heal(State state, int slot, Entry entry, Next next) {
    if (state.can(Budget.HEALS, scenario) && !entry.is(Flag.CONDEMNED)) {
      Packs packs = state.packs().mapAt(slot, each -> each.without(Flag.LOST));
      next.step(
          state.spend(Budget.HEALS).adding(packs, 1 << entry.chunk(), scenario),
          () -> Words.entry(entry, scenario) + " is healed from a copy");
      if (!entry.is(Flag.FAILED)) {
        findAgain(state, entry, next);
      }
    }
  }

  /** Its bytes are there after all: they get a new location, of which nothing is known yet. */
  private void findAgain(State state, Entry entry, Next next) {
    Entry anew =
        Entry.of(entry.chunk(), entry.uploader()).with(Flag.GARBAGE, entry.is(Flag.GARBAGE));
    Packs packs = state.packs().plus(anew, Entry.NONE);
    next.step(
        state.spend(Budget.HEALS).adding(packs, 1 << entry.chunk(), scenario),
        () -> Words.entry(entry, scenario) + " is found again and stored anew");
  }

  private static State set(State state, int slot, Flag flag) {
    return state.with(state.packs().mapAt(slot, entry -> entry.with(flag)));
  }
}
