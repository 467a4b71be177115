package io.holdfast.coordinator.sweep.model;

import io.holdfast.coordinator.sweep.model.Entry.Flag;
import io.holdfast.coordinator.sweep.model.Scenario.Budget;

/** What a complete mark leads to: surplus is listed, and a Condemn takes what it didn't mark. */
final class CondemnSteps implements Steps {
  private static final int BOTH = 3;

  private final Scenario scenario;
  private final References references;
  private final AgentSteps agents;

  CondemnSteps(Scenario scenario) {
    this.scenario = scenario;
    references = new References(scenario);
    agents = new AgentSteps(scenario);
  }

  @Override
  public void from(State state, Next next) {
    if (state.mark() == null || !state.mark().complete()) {
      return;
    }
    if (state.can(Budget.SURPLUS, scenario)) {
      listSurplus(state, next);
    }
    if (mayCondemn(state)) {
      next.step(condemned(state), () -> "the Condemn takes " + taken(state));
      if (!scenario.on(Rule.CONDEMN_IS_ALONE)) {
        withCommits(state, next);
      }
    }
  }

  private boolean mayCondemn(State state) {
    boolean walked = state.head().ofA().walked() + state.head().ofB().walked() > 0;
    if (walked && scenario.on(Rule.CONDEMN_HOLDS_THE_COMMIT_PATH)) {
      return false;
    }
    return state.mark().isCaughtUp() || !scenario.on(Rule.NO_COMMIT_SINCE_MARKED_THROUGH);
  }

  private void listSurplus(State state, Next next) {
    Packs packs = state.packs();
    for (int victim = 0; victim < packs.slots(); victim++) {
      for (int survivor = 0; survivor < packs.slots(); survivor++) {
        if (victim != survivor && isSurplus(packs.at(victim), packs.at(survivor))) {
          Entry gone = packs.at(victim);
          Entry stays = packs.at(survivor);
          next.step(
              listed(state, victim, survivor),
              () -> "the sweep lists " + Words.entry(gone, scenario) + " as surplus, and "
                  + Words.entry(stays, scenario) + " as its survivor");
        }
      }
    }
  }

  private boolean isSurplus(Entry victim, Entry survivor) {
    return victim.exists()
        && survivor.exists()
        && victim.chunk() == survivor.chunk()
        && isListable(victim)
        && isListable(survivor)
        && (survivor.is(Flag.PROVEN) || !scenario.on(Rule.SURVIVOR_IS_PROVEN));
  }

  private static boolean isListable(Entry entry) {
    return entry.is(Flag.OLD)
        && entry.is(Flag.MARKED)
        && !entry.is(Flag.CONDEMNED)
        && !entry.is(Flag.LOST)
        && !entry.is(Flag.FAILED);
  }

  /** Packs are sorted anew by each change, so both entries are changed at once. */
  private static State listed(State state, int victim, int survivor) {
    Entry gone = state.packs().at(victim);
    Entry stays = state.packs().at(survivor);
    Packs packs = state.packs().mapAt(victim, entry -> entry.with(Flag.VICTIM));
    for (int slot = 0; slot < packs.slots(); slot++) {
      if (packs.at(slot).equals(stays) && !(gone.equals(stays) && packs.at(slot).is(Flag.VICTIM))) {
        return state
            .spend(Budget.SURPLUS)
            .with(packs.mapAt(slot, entry -> entry.with(Flag.SURVIVOR)));
      }
    }
    throw new IllegalStateException("the survivor is gone");
  }

  State condemned(State state) {
    boolean pinned = state.isPinned();
    Packs before = state.packs();
    Packs after = before;
    for (int pack = 0; pack < before.count(); pack++) {
      boolean idle = isIdle(state, pack);
      for (int slot = 2 * pack; slot < 2 * pack + 2; slot++) {
        Entry entry = before.at(slot);
        if (entry.exists() && isTaken(before, entry, idle)) {
          after = replaceOne(after, entry, entry.condemned(pinned));
        }
      }
    }
    State ended = MarkSteps.ended(state.with(after));
    return scenario.on(Rule.CHECK_DIES_WITH_A_CONDEMN)
        ? ProofSteps.undoChecks(ended, BOTH)
        : ended;
  }

  private static Packs replaceOne(Packs packs, Entry from, Entry to) {
    for (int slot = 0; slot < packs.slots(); slot++) {
      if (packs.at(slot).equals(from)) {
        return packs.mapAt(slot, entry -> to);
      }
    }
    throw new IllegalStateException("the entry is gone");
  }

  private boolean isIdle(State state, int pack) {
    return !scenario.on(Rule.CANDIDATES_OWNERS_ARE_IDLE)
        || !state.packs().anyOf(pack, entry -> state.head().session(entry.uploader()).isOpen());
  }

  private boolean isTaken(Packs packs, Entry entry, boolean idle) {
    if (entry.is(Flag.CONDEMNED)) {
      return false;
    }
    if (entry.is(Flag.VICTIM)) {
      return packs.any(each ->
          each.chunk() == entry.chunk() && each.is(Flag.SURVIVOR) && survives(each));
    }
    boolean old = entry.is(Flag.OLD) || !scenario.on(Rule.CANDIDATES_ARE_OLDER_THAN_THE_FENCE);
    return idle && old && !entry.is(Flag.MARKED);
  }

  private boolean survives(Entry survivor) {
    return (survivor.is(Flag.PROVEN) || !scenario.on(Rule.SURVIVOR_IS_PROVEN))
        && (!survivor.is(Flag.CONDEMNED) || !scenario.on(Rule.SURVIVOR_IS_UNCONDEMNED_AT_APPLY))
        && (!survivor.is(Flag.LOST) || !scenario.on(Rule.SURVIVOR_IS_NOT_LOST_AT_APPLY));
  }

  private String taken(State state) {
    StringBuilder words = new StringBuilder();
    for (int pack = 0; pack < state.packs().count(); pack++) {
      for (int slot = 2 * pack; slot < 2 * pack + 2; slot++) {
        Entry entry = state.packs().at(slot);
        if (entry.exists() && isTaken(state.packs(), entry, isIdle(state, pack))) {
          words.append(words.isEmpty() ? "" : ", ").append(Words.entry(entry, scenario));
        }
      }
    }
    return words.isEmpty() ? "nothing" : words.toString();
  }

  /** Without the rule: a commit whose walk has passed rides in the Condemn's record. */
  private void withCommits(State state, Next next) {
    for (int host = 0; host < Catalog.HOSTS; host++) {
      for (int root = 0; root < scenario.chunks().size(); root++) {
        if (state.head().session(host).isOpen()
            && scenario.isPage(root)
            && references.passesCommit(state.head(), root, host)) {
          int snapshot = Catalog.slot(host, root);
          next.commit(
              condemned(agents.committed(state, host, root)),
              snapshot,
              () -> "one record holds the Condemn, which takes " + taken(state)
                  + ", and the commit of " + Words.snapshot(snapshot, scenario));
        }
      }
    }
  }
}
