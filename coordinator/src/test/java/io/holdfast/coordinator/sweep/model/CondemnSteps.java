package io.holdfast.coordinator.sweep.model;

import static java.util.stream.Collectors.joining;

import io.holdfast.coordinator.sweep.model.Entry.Flag;
import io.holdfast.coordinator.sweep.model.Scenario.Budget;
import java.util.ArrayList;
import java.util.List;

/**
 * What a complete mark leads to: surplus is listed and goes, and a Condemn takes what it didn't
 * mark.
 */
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
    if (isFree(state) && state.packs().any(entry -> entry.is(Flag.VICTIM))) {
      next.step(
          surplusCondemned(state), () -> "a Condemn of surplus takes " + words(victims(state)));
    }
    if (state.mark() == null || !state.mark().complete() || state.mark().rests()) {
      return;
    }
    if (state.can(Budget.SURPLUS, scenario)) {
      listSurplus(state, next);
    }
    if (mayCondemn(state)) {
      next.step(condemned(state), () -> "the Condemn takes " + words(taken(state)));
      if (!scenario.on(Rule.CONDEMN_IS_ALONE)) {
        withCommits(state, next);
      }
    }
  }

  /** Whether no commit lies between its walk and its record. */
  private boolean isFree(State state) {
    boolean walked = state.head().ofA().walked() + state.head().ofB().walked() > 0;
    return !walked || !scenario.on(Rule.CONDEMN_HOLDS_THE_COMMIT_PATH);
  }

  private boolean mayCondemn(State state) {
    if (!isFree(state)) {
      return false;
    }
    if (state.mark().blind() != 0 && scenario.on(Rule.LOST_PAGE_STOPS_THE_CONDEMN)) {
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
              () ->
                  "the sweep lists "
                      + Words.entry(gone, scenario)
                      + " as surplus, and "
                      + Words.entry(stays, scenario)
                      + " as its survivor");
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
    return undoneChecks(MarkSteps.ended(without(state, taken(state))));
  }

  /** In a record of its own: whatever the mark is at, whatever was committed since, and lost. */
  private State surplusCondemned(State state) {
    State after = without(state, victims(state));
    Packs packs = after.packs().map(entry -> entry.without(Flag.VICTIM, Flag.SURVIVOR));
    return undoneChecks(after.with(packs));
  }

  private static State without(State state, List<Entry> entries) {
    Packs after = state.packs();
    for (Entry entry : entries) {
      after = replaceOne(after, entry, entry.condemned(state.isPinned()));
    }
    return state.with(after);
  }

  private State undoneChecks(State state) {
    return scenario.on(Rule.CHECK_DIES_WITH_A_CONDEMN) ? ProofSteps.undoChecks(state, BOTH) : state;
  }

  private List<Entry> taken(State state) {
    List<Entry> taken = new ArrayList<>();
    for (int slot = 0; slot < state.packs().slots(); slot++) {
      Entry entry = state.packs().at(slot);
      if (entry.exists() && !entry.is(Flag.CONDEMNED) && isTaken(state, slot)) {
        taken.add(entry);
      }
    }
    return taken;
  }

  /** Entry by entry, as the record applies: a survivor may be taken before its victim's turn. */
  private List<Entry> victims(State state) {
    List<Entry> victims = new ArrayList<>();
    for (int slot = 0; slot < state.packs().slots(); slot++) {
      Entry entry = state.packs().at(slot);
      boolean idle = isIdle(state, slot / 2) || !scenario.on(Rule.SURPLUS_OWNERS_ARE_IDLE);
      if (entry.exists()
          && entry.is(Flag.VICTIM)
          && !entry.is(Flag.CONDEMNED)
          && idle
          && hasSurvivor(state.packs(), slot, victims)) {
        victims.add(entry);
      }
    }
    return victims;
  }

  private static Packs replaceOne(Packs packs, Entry from, Entry to) {
    for (int slot = 0; slot < packs.slots(); slot++) {
      if (packs.at(slot).equals(from)) {
        return packs.mapAt(slot, entry -> to);
      }
    }
    throw new IllegalStateException("the entry is gone");
  }

  private static boolean isIdle(State state, int pack) {
    return !state.packs().anyOf(pack, entry -> state.head().session(entry.uploader()).isOpen());
  }

  private boolean isTaken(State state, int slot) {
    Entry entry = state.packs().at(slot);
    boolean old = entry.is(Flag.OLD) || !scenario.on(Rule.CANDIDATES_ARE_OLDER_THAN_THE_FENCE);
    boolean idle = isIdle(state, slot / 2) || !scenario.on(Rule.CANDIDATES_OWNERS_ARE_IDLE);
    return old && idle && !entry.is(Flag.MARKED);
  }

  private boolean hasSurvivor(Packs packs, int victim, List<Entry> taken) {
    for (int slot = 0; slot < packs.slots(); slot++) {
      Entry entry = packs.at(slot);
      if (slot != victim
          && entry.exists()
          && entry.chunk() == packs.at(victim).chunk()
          && entry.is(Flag.SURVIVOR)
          && survives(entry, taken)) {
        return true;
      }
    }
    return false;
  }

  private boolean survives(Entry survivor, List<Entry> taken) {
    boolean condemned = survivor.is(Flag.CONDEMNED) || taken.contains(survivor);
    return (survivor.is(Flag.PROVEN) || !scenario.on(Rule.SURVIVOR_IS_PROVEN))
        && (!condemned || !scenario.on(Rule.SURVIVOR_IS_UNCONDEMNED_AT_APPLY))
        && (!survivor.is(Flag.LOST) || !scenario.on(Rule.SURVIVOR_IS_NOT_LOST_AT_APPLY));
  }

  private String words(List<Entry> taken) {
    return taken.isEmpty()
        ? "nothing"
        : taken.stream().map(each -> Words.entry(each, scenario)).collect(joining(", "));
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
              () ->
                  "one record holds the Condemn, which takes "
                      + words(taken(state))
                      + ", and the commit of "
                      + Words.snapshot(snapshot, scenario));
        }
      }
    }
  }
}
