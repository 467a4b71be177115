package io.holdfast.coordinator.sweep.model;

import io.holdfast.coordinator.sweep.model.Entry.Flag;
import io.holdfast.coordinator.sweep.model.Scenario.Budget;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What must hold, whatever the rules are. Judged step by step: a commit's snapshot is whole, and
 * afterwards nothing but a recorded loss makes anything that is kept less readable than it was.
 *
 * <ol>
 *   <li>I1, I5 What a committed snapshot reaches is present and counts for its host (LOST, and
 *       DANGLING while only condemned bytes are left).
 *   <li>I6 What it rests on isn't another host's garbage (FOREIGN).
 *   <li>I5 No sweep takes from an open session what it uploaded or merges with (STOPPED).
 *   <li>No host blocks the sweep for good (BLOCKED).
 *   <li>What a restore has pinned stays readable (UNPINNED).
 *   <li>What the two newest verified checkpoints keep stays readable (UNRESTORABLE).
 * </ol>
 */
final class Invariants {
  /** How an invariant breaks. */
  enum Broken {
    LOST,
    DANGLING,
    FOREIGN,
    STOPPED,
    BLOCKED,
    UNPINNED,
    UNRESTORABLE
  }

  /** A broken invariant and the words for it. */
  record Breach(Broken broken, String words) {}

  private static final int WHOLE = 0;
  private static final int CONDEMNED = 1;
  private static final int FOREIGN = 2;
  private static final int GONE = 3;

  private final Scenario scenario;

  Invariants(Scenario scenario) {
    this.scenario = scenario;
  }

  /** What a commit of {@code snapshot} breaks. */
  Optional<Breach> afterCommit(State after, int snapshot) {
    int host = Catalog.hostOf(snapshot);
    if (isForger(host)) {
      return Optional.empty();
    }
    Packs packs = after.packs();
    int reached = reach(packs, Catalog.rootOf(snapshot), host);
    for (int left = reached; left != 0; left &= left - 1) {
      int chunk = Integer.numberOfTrailingZeros(left);
      int level = level(packs, chunk, host);
      if (level != WHOLE) {
        return Optional.of(breach(level, chunk, snapshot, "committed, reaches"));
      }
    }
    return Optional.empty();
  }

  /** What a step that records no loss breaks. */
  Optional<Breach> afterStep(State before, State after) {
    if (!takes(before.packs(), after.packs())) {
      return Optional.empty();
    }
    return worse(before, after, before.head().kept() & after.head().kept(), "kept, now reaches")
        .or(() -> stopped(before, after))
        .or(() -> unpinned(before, after))
        .or(() -> unrestorable(before, after));
  }

  /** What only adds or proves breaks nothing: not looked at, for speed. */
  private static boolean takes(Packs before, Packs after) {
    return after.countOf(Entry::exists) < before.countOf(Entry::exists)
        || after.countOf(entry -> entry.is(Flag.CONDEMNED))
            > before.countOf(entry -> entry.is(Flag.CONDEMNED));
  }

  private Optional<Breach> worse(State before, State after, int snapshots, String how) {
    for (int left = snapshots; left != 0; left &= left - 1) {
      int snapshot = Integer.numberOfTrailingZeros(left);
      int host = Catalog.hostOf(snapshot);
      int reached = isForger(host) ? 0 : reach(before.packs(), Catalog.rootOf(snapshot), host);
      for (int each = reached; each != 0; each &= each - 1) {
        int chunk = Integer.numberOfTrailingZeros(each);
        int level = level(after.packs(), chunk, host);
        if (level > level(before.packs(), chunk, host)
            && isReadable(before.packs(), chunk, host, entry -> true)) {
          return Optional.of(breach(level, chunk, snapshot, how));
        }
      }
    }
    return Optional.empty();
  }

  private Breach breach(int level, int chunk, int snapshot, String how) {
    Broken broken =
        switch (level) {
          case CONDEMNED -> Broken.DANGLING;
          case FOREIGN -> Broken.FOREIGN;
          default -> Broken.LOST;
        };
    String what =
        switch (level) {
          case CONDEMNED -> ", of which only condemned bytes are left";
          case FOREIGN -> ", of which only another host's unproven bytes are there";
          default -> ", of which no good bytes are left";
        };
    return new Breach(
        broken,
        Words.snapshot(snapshot, scenario) + ", " + how + " " + scenario.name(chunk) + what);
  }

  private Optional<Breach> stopped(State before, State after) {
    if (without(after.packs()) > without(before.packs())) {
      return Optional.of(
          new Breach(Broken.STOPPED, "what an open session uploaded is condemned under it"));
    }
    int bases = before.head().bases() & after.head().bases();
    return worse(before, after, bases, "base of an open session, now reaches")
        .map(breach -> new Breach(Broken.STOPPED, breach.words()));
  }

  /** How many chunks were uploaded in open sessions that don't have them any more. */
  private int without(Packs packs) {
    return packs.countOf(entry ->
        entry.is(Flag.FRESH)
            && entry.is(Flag.CONDEMNED)
            && !entry.is(Flag.FAILED)
            && level(packs, entry.chunk(), entry.uploader()) != WHOLE);
  }

  private Optional<Breach> unpinned(State before, State after) {
    int pinned = before.pin() & after.pin();
    return gone(before, after, pinned, entry -> true)
        .map(words -> new Breach(Broken.UNPINNED, words + " under a restore that pinned it"));
  }

  /** What a checkpoint keeps and can't be read any more. */
  Optional<Breach> unrestorable(State before, State after) {
    if (after.isCheckpointed(before)) {
      return Optional.empty();
    }
    return gone(before, after, before.newest(), entry -> entry.is(Flag.IN_NEWEST))
        .map(words -> words + " from the newest checkpoint")
        .or(() ->
            gone(before, after, before.older(), entry -> entry.is(Flag.IN_OLDER))
                .map(words -> words + " from the checkpoint before the newest"))
        .map(words -> new Breach(Broken.UNRESTORABLE, words));
  }

  private Optional<String> gone(State before, State after, int snapshots, Predicate<Entry> known) {
    for (int left = snapshots; left != 0; left &= left - 1) {
      int snapshot = Integer.numberOfTrailingZeros(left);
      int host = Catalog.hostOf(snapshot);
      int reached = isForger(host) ? 0 : reach(before.packs(), Catalog.rootOf(snapshot), host);
      for (int each = reached; each != 0; each &= each - 1) {
        int chunk = Integer.numberOfTrailingZeros(each);
        if (isReadable(before.packs(), chunk, host, known)
            && !isReadable(after.packs(), chunk, host, known)) {
          return Optional.of(
              scenario.name(chunk) + " of " + Words.snapshot(snapshot, scenario) + " is gone");
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Whether bytes that something kept needs are in {@code before} and not in {@code after}; if
   * {@code wide}, something that a pin keeps, too.
   */
  boolean losesBytes(State before, State after, boolean wide) {
    Catalog head = before.head();
    return gone(before, after, head.kept() | head.bases(), entry -> true).isPresent()
        || (wide && unpinned(before, after).isPresent());
  }

  /** Those of {@code snapshots} that are whole in {@code view}. */
  int undamaged(Catalog view, int snapshots) {
    int whole = snapshots;
    for (int left = snapshots; left != 0; left &= left - 1) {
      int snapshot = Integer.numberOfTrailingZeros(left);
      int host = Catalog.hostOf(snapshot);
      int reached = reach(view.packs(), Catalog.rootOf(snapshot), host);
      for (int each = reached; each != 0; each &= each - 1) {
        if (level(view.packs(), Integer.numberOfTrailingZeros(each), host) != WHOLE) {
          whole &= ~(1 << snapshot);
        }
      }
    }
    return whole;
  }

  /** What {@code root} reaches through pages that {@code host} can read or may heal. */
  private int reach(Packs packs, int root, int host) {
    int reached = 1 << root;
    int toVisit = reached;
    while (toVisit != 0) {
      int page = Integer.numberOfTrailingZeros(toVisit);
      int named = isKnown(packs, page, host) ? scenario.references(page) : 0;
      toVisit = (toVisit & (toVisit - 1)) | (named & ~reached);
      reached |= named;
    }
    return reached;
  }

  /**
   * How well {@code host} has {@code chunk}. A host's own garbage is its own fault, until a proof
   * fails.
   */
  private int level(Packs packs, int chunk, int host) {
    if (packs.any(
        entry -> entry.chunk() == chunk && isGood(entry, host) && !entry.is(Flag.CONDEMNED))) {
      return WHOLE;
    }
    if (isReadable(packs, chunk, host, entry -> true)) {
      return CONDEMNED;
    }
    boolean foreign =
        packs.any(entry ->
            entry.chunk() == chunk
                && entry.uploader() != host
                && !entry.is(Flag.CONDEMNED)
                && !entry.is(Flag.LOST)
                && !entry.is(Flag.FAILED));
    return foreign ? FOREIGN : GONE;
  }

  private boolean isKnown(Packs packs, int page, int host) {
    return isReadable(packs, page, host, entry -> true)
        || (scenario.allows(Budget.HEALS) && packs.any(entry -> mayHeal(entry, page, host)));
  }

  private static boolean mayHeal(Entry entry, int page, int host) {
    return entry.chunk() == page
        && entry.is(Flag.LOST)
        && !entry.is(Flag.CONDEMNED)
        && isGood(entry.without(Flag.LOST), host);
  }

  private static boolean isReadable(Packs packs, int chunk, int host, Predicate<Entry> known) {
    return packs.any(entry -> entry.chunk() == chunk && isGood(entry, host) && known.test(entry));
  }

  private static boolean isGood(Entry entry, int host) {
    boolean own = entry.uploader() == host;
    boolean honest = !entry.is(Flag.GARBAGE) && entry.is(Flag.PROVEN);
    return (own || honest || entry.is(Flag.VOUCHED))
        && !entry.is(Flag.LOST)
        && !entry.is(Flag.FAILED);
  }

  private boolean isForger(int host) {
    return (scenario.forgers() & 1 << host) != 0;
  }
}
