package io.holdfast.coordinator.sweep.model;

import io.holdfast.coordinator.sweep.model.Scenario.Budget;
import java.util.function.UnaryOperator;

/**
 * The whole world at one moment; immutable.
 *
 * @param head the catalog at the journal's head, the leader's
 * @param behind the catalog of a follower that fell behind, or null: it keeps up
 * @param undone the hosts (bits) whose checks were undone since it fell behind
 * @param mark the mark on its way, or null
 * @param rewrite what rewrite waits for its swap: none, one, one registered before the fence, one
 *     whose new pack is lost
 * @param pin the snapshot that a restore has pinned
 * @param newest what the newest verified checkpoint keeps; {@code older}: the one before
 * @param spent how often what happened, four bits a budget
 */
record State(
    Catalog head,
    Catalog behind,
    int undone,
    Mark mark,
    int rewrite,
    int pin,
    int newest,
    int older,
    long spent) {

  static final int REWRITE_NONE = 0;
  static final int REWRITE_COPIED = 1;
  static final int REWRITE_BEFORE_FENCE = 2;
  static final int REWRITE_LOST = 3;

  static final State EMPTY = new State(Catalog.EMPTY, null, 0, null, 0, 0, 0, 0, 0);

  boolean can(Budget budget, Scenario scenario) {
    return budget.in(spent) < scenario.limit(budget);
  }

  boolean isCheckpointed(State before) {
    return Budget.CHECKPOINTS.in(spent) != Budget.CHECKPOINTS.in(before.spent);
  }

  State spend(Budget budget) {
    long more = spent + budget.one();
    return new State(head, behind, undone, mark, rewrite, pin, newest, older, more);
  }

  Packs packs() {
    return head.packs();
  }

  State with(Catalog catalog) {
    return new State(catalog, behind, undone, mark, rewrite, pin, newest, older, spent);
  }

  State with(Packs packs) {
    return with(head.with(packs));
  }

  /** With {@code packs}, where locations of {@code chunks} were added. */
  State adding(Packs packs, int chunks, Scenario scenario) {
    State added = with(packs);
    return scenario.on(Rule.MARK_READS_LISTS_ADDED_SINCE)
        ? added.takenUp(taken -> taken.again(chunks), scenario)
        : added;
  }

  /** The mark takes up what was just journalled; one that rests misses it without the rule. */
  State takenUp(UnaryOperator<Mark> takes, Scenario scenario) {
    boolean misses =
        mark == null || (mark.rests() && !scenario.on(Rule.RESUMED_MARK_TAKES_UP_WHAT_CAME_SINCE));
    return misses ? this : with(takes.apply(mark));
  }

  State with(Mark other) {
    return new State(head, behind, undone, other, rewrite, pin, newest, older, spent);
  }

  State withBehind(Catalog catalog) {
    return new State(head, catalog, 0, mark, rewrite, pin, newest, older, spent);
  }

  State withUndone(int hosts) {
    int now = behind == null ? 0 : undone | hosts;
    return new State(head, behind, now, mark, rewrite, pin, newest, older, spent);
  }

  State withRewrite(int other) {
    return new State(head, behind, undone, mark, other, pin, newest, older, spent);
  }

  State withPin(int snapshot) {
    return new State(head, behind, undone, mark, rewrite, snapshot, newest, older, spent);
  }

  State withCheckpoint(int kept) {
    return new State(head, behind, undone, mark, rewrite, pin, kept, newest, spent);
  }

  boolean isPinned() {
    return pin != 0;
  }

  private State mirrored() {
    return new State(
        head.mirrored(),
        behind == null ? null : behind.mirrored(),
        (undone & 1) << 1 | undone >> 1,
        mark == null ? null : mark.mirrored(),
        rewrite,
        Catalog.swapHosts(pin),
        Catalog.swapHosts(newest),
        Catalog.swapHosts(older),
        spent);
  }

  /** The same for states that differ only in what the hosts are called, if they may be. */
  Digest digest(boolean symmetric) {
    Digest own = digest();
    if (!symmetric) {
      return own;
    }
    Digest other = mirrored().digest();
    return own.compareTo(other) <= 0 ? own : other;
  }

  private Digest digest() {
    Digest digest = new Digest();
    head.digest(digest);
    digest.add(spent);
    digest.add((long) newest << 48 | (long) older << 32 | (long) pin << 8 | rewrite << 4 | undone);
    if (mark != null) {
      mark.digest(digest);
    }
    if (behind != null) {
      digest.add(-1);
      behind.digest(digest);
    }
    return digest;
  }
}
