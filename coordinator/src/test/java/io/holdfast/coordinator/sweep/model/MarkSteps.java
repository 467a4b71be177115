package io.holdfast.coordinator.sweep.model;

import io.holdfast.coordinator.sweep.model.Entry.Flag;
import io.holdfast.coordinator.sweep.model.Scenario.Budget;
import java.util.function.Predicate;

/**
 * The mark: fence, walk page by page in any order, rounds of roots committed since, end. Between
 * two of its steps everything else may happen.
 */
final class MarkSteps implements Steps {
  private final Scenario scenario;
  private final References references;
  private final Invariants invariants;

  MarkSteps(Scenario scenario) {
    this.scenario = scenario;
    references = new References(scenario);
    invariants = new Invariants(scenario);
  }

  @Override
  public void from(State state, Next next) {
    Mark mark = state.mark();
    if (mark == null) {
      fence(state, next);
      return;
    }
    if (scenario.allows(Budget.RESTS)) {
      rest(state, mark, next);
    }
    if (!mark.rests()) {
      goOn(state, mark, next);
    }
  }

  private void rest(State state, Mark mark, Next next) {
    State after = state.with(mark.interrupted());
    next.step(after, () -> mark.rests() ? "the mark is resumed" : "the mark is interrupted");
    if (mark.rests() && !scenario.on(Rule.RESUMED_MARK_IS_OF_ONE_MOMENT)) {
      Packs packs = state.packs().map(entry -> entry.without(Flag.MARKED));
      next.step(after.with(packs), () -> "the mark is resumed, from bits older than its pages");
    }
  }

  private void goOn(State state, Mark mark, Next next) {
    if (mark.pending() != 0) {
      for (int left = mark.pending(); left != 0; left &= left - 1) {
        walk(state, mark, Integer.numberOfTrailingZeros(left), next);
      }
    } else if (mark.committed() != 0) {
      next.step(
          state.with(mark.nextRound()),
          () ->
              "the mark takes up "
                  + Words.chunks(mark.committed(), scenario)
                  + ", committed since its fence");
    } else if (!mark.complete()) {
      next.step(complete(state, mark), () -> "the mark is complete");
    }
    if (mark.blind() != 0 || scenario.allows(Budget.UNREADABLES)) {
      next.step(ended(state), () -> "the mark is given up");
    }
  }

  private void fence(State state, Next next) {
    if (!state.can(Budget.SWEEPS, scenario)) {
      return;
    }
    next.step(fenced(state, state.head()), () -> "a mark begins, at the head after its fence");
    if (state.behind() != null && !scenario.on(Rule.MARK_STARTS_AT_THE_HEAD)) {
      next.step(
          fenced(state, state.behind()), () -> "a mark begins on the follower that is behind");
    }
  }

  private State fenced(State state, Catalog view) {
    Packs packs = state.packs().map(entry -> entry.with(Flag.OLD));
    int rewrite =
        state.rewrite() == State.REWRITE_COPIED ? State.REWRITE_BEFORE_FENCE : state.rewrite();
    return state
        .spend(Budget.SWEEPS)
        .with(packs)
        .withRewrite(rewrite)
        .with(Mark.from(Catalog.roots(roots(view))));
  }

  private int roots(Catalog view) {
    int kept = scenario.on(Rule.MARK_FOLLOWS_SOFT_DELETED) ? view.kept() : view.live();
    if (!scenario.on(Rule.MARK_FOLLOWS_DAMAGED_SNAPSHOTS)) {
      kept = invariants.undamaged(view, kept);
    }
    return scenario.on(Rule.MARK_FOLLOWS_BASES) ? kept | view.bases() : kept;
  }

  private void walk(State state, Mark mark, int page, Next next) {
    String words = "the mark walks page " + scenario.name(page);
    if (mark.late()
        && !scenario.on(Rule.MARK_STOPS_ONLY_AT_WHAT_IT_WALKED)
        && (state.head().isTrusted(page, Catalog.A) || state.head().isTrusted(page, Catalog.B))) {
      next.step(
          walked(state, mark, page, 0),
          () -> words + " no further: an older mark's trust covers it");
      return;
    }
    int nowhere = nowhere(state.packs(), lists(state.packs(), page));
    if (nowhere != 0 && !scenario.on(Rule.MARK_PASSES_WHAT_IS_NOWHERE)) {
      next.blocked(
          ended(state),
          () -> words + ", which names " + Words.chunks(nowhere, scenario) + ", and gives up");
      return;
    }
    if (scenario.on(Rule.MARK_UNITES_CLEAR_LISTS)) {
      State after = walked(state, mark, page, lists(state.packs(), page));
      next.step(isLost(state.packs(), page) ? blind(after, page) : after, () -> words);
    } else {
      oneList(state, mark, page, words, next);
    }
    if (scenario.allows(Budget.UNREADABLES) && !scenario.on(Rule.MARK_ABORTS_ON_THE_UNREADABLE)) {
      next.step(
          walked(state, mark, page, 0),
          () -> words + ", can't read its pack's footer just now, and goes on");
    }
  }

  private static int nowhere(Packs packs, int chunks) {
    int nowhere = chunks;
    for (int slot = 0; slot < packs.slots(); slot++) {
      nowhere &= packs.at(slot).exists() ? ~(1 << packs.at(slot).chunk()) : -1;
    }
    return nowhere;
  }

  private void oneList(State state, Mark mark, int page, String words, Next next) {
    for (int slot = 0; slot < state.packs().slots(); slot++) {
      Entry entry = state.packs().at(slot);
      if (entry.exists() && entry.chunk() == page && references.isPresent(entry)) {
        next.step(
            walked(state, mark, page, scenario.list(entry)),
            () -> words + " by the list of " + Words.entry(entry, scenario) + " alone");
      }
    }
  }

  /** Whether a list is lost, and no proven location is there to tell the same. */
  private static boolean isLost(Packs packs, int page) {
    return packs.any(lost ->
        lost.chunk() == page
            && lost.is(Flag.LOST)
            && !lost.is(Flag.CONDEMNED)
            && !packs.any(
                other -> other.chunk() == page && other.is(Flag.PROVEN) && !other.is(Flag.LOST)));
  }

  private static State blind(State state, int page) {
    return state.with(state.mark().blind(page));
  }

  /** What all readable lists of {@code page} name. */
  private int lists(Packs packs, int page) {
    boolean all = scenario.on(Rule.MARK_READS_CONDEMNED_LISTS);
    return lists(packs, page, entry -> all || !entry.is(Flag.CONDEMNED));
  }

  private int lists(Packs packs, int page, Predicate<Entry> wanted) {
    int named = 0;
    for (int slot = 0; slot < packs.slots(); slot++) {
      Entry entry = packs.at(slot);
      if (entry.exists() && entry.chunk() == page && !entry.is(Flag.LOST) && wanted.test(entry)) {
        named |= scenario.list(entry);
      }
    }
    return named;
  }

  private State walked(State state, Mark mark, int page, int list) {
    int children = 0;
    for (int left = list; left != 0; left &= left - 1) {
      int chunk = Integer.numberOfTrailingZeros(left);
      children |= scenario.isPage(chunk) ? 1 << chunk : 0;
    }
    Mark after = mark.walked(page, children, counting(state.head(), page, list));
    return state.with(mark(state.packs(), list | 1 << page)).with(after);
  }

  private int counting(Catalog head, int page, int list) {
    int counts = 0;
    for (int host = 0; host < Catalog.HOSTS; host++) {
      if (!scenario.on(Rule.TRUST_NEEDS_COUNTING_REFERENCES)
          || references.allCount(head, list | 1 << page, host)) {
        counts |= 1 << Catalog.slot(host, page);
      }
    }
    return counts;
  }

  private Packs mark(Packs packs, int chunks) {
    if (scenario.on(Rule.MARK_TAKES_ALL_LOCATIONS)) {
      return packs.map(entry -> isTaken(entry, chunks) ? entry.with(Flag.MARKED) : entry);
    }
    Packs marked = packs;
    for (int left = chunks; left != 0; left &= left - 1) {
      marked = markOne(marked, left & -left);
    }
    return marked;
  }

  private Packs markOne(Packs packs, int chunk) {
    for (int slot = 0; slot < packs.slots(); slot++) {
      if (packs.at(slot).exists() && isTaken(packs.at(slot), chunk)) {
        return packs.mapAt(slot, entry -> entry.with(Flag.MARKED));
      }
    }
    return packs;
  }

  private boolean isTaken(Entry entry, int chunks) {
    boolean candidate =
        entry.is(Flag.OLD) || !scenario.on(Rule.CANDIDATES_ARE_OLDER_THAN_THE_FENCE);
    return candidate
        && (chunks & 1 << entry.chunk()) != 0
        && !entry.is(Flag.CONDEMNED)
        && (!entry.is(Flag.LOST) || scenario.on(Rule.MARK_TAKES_LOST_LOCATIONS));
  }

  private State complete(State state, Mark mark) {
    int kept = scenario.on(Rule.TRUST_IS_THE_NEWEST_MARKS) ? 0 : state.head().trusted();
    int given = 0;
    for (int host = 0; host < Catalog.HOSTS; host++) {
      boolean across = (mark.losses() & 1 << host) != 0;
      if (!across || !scenario.on(Rule.NO_TRUST_ACROSS_A_LOSS)) {
        given |= deep(state.packs(), mark.counting() & Catalog.allOf(host), host);
      }
    }
    return state.with(state.head().withTrusted(kept | given)).with(mark.completed());
  }

  /** Those {@code pages} of {@code host} all whose child pages are among them. */
  private int deep(Packs packs, int pages, int host) {
    int kept = pages;
    for (int left = pages; left != 0; left &= left - 1) {
      int slot = Integer.numberOfTrailingZeros(left);
      if (!areIn(kept, lists(packs, Catalog.rootOf(slot)), host)) {
        kept &= ~(1 << slot);
      }
    }
    boolean settled = kept == pages || !scenario.on(Rule.TRUST_COVERS_CHILD_PAGES);
    return settled ? pages : deep(packs, kept, host);
  }

  private boolean areIn(int pages, int list, int host) {
    for (int left = list; left != 0; left &= left - 1) {
      int chunk = Integer.numberOfTrailingZeros(left);
      if (scenario.isPage(chunk) && (pages & 1 << Catalog.slot(host, chunk)) == 0) {
        return false;
      }
    }
    return true;
  }

  /** Without its mark; what it marked is forgotten, surplus it listed stays listed. */
  static State ended(State state) {
    Packs packs = state.packs().map(entry -> entry.without(Flag.OLD, Flag.MARKED));
    int rewrite =
        state.rewrite() == State.REWRITE_BEFORE_FENCE ? State.REWRITE_COPIED : state.rewrite();
    return state.with(packs).withRewrite(rewrite).with((Mark) null);
  }
}
