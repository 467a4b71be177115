package io.holdfast.coordinator.sweep.model;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What may happen, and how often.
 *
 * @param chunks what exists; a chunk's index is its id
 * @param faulty the hosts (bits) that may store other data than the id says; their snapshots are
 *     still theirs and judged
 * @param forgers the hosts (bits) that may also forge pages; what becomes of their own snapshots is
 *     their affair
 */
record Scenario(
    List<Chunk> chunks,
    List<Upload> uploads,
    int faulty,
    int forgers,
    Map<Budget, Integer> budgets,
    Set<Rule> off) {

  /**
   * A chunk.
   *
   * @param references what it refers to (bits), if it is a page
   * @param forged what a forger's version says it refers to
   */
  record Chunk(String name, boolean isPage, int references, int forged) {}

  /** The chunks a host uploads into one pack; {@code second} is -1 if there is but one. */
  record Upload(int first, int second) {}

  /** How often something may happen on one way through the model. */
  enum Budget {
    PACKS(0),
    SESSIONS(4),
    SWEEPS(8),
    /** Entries lost. Garbage found isn't counted. */
    LOSSES(12),
    /** Packs that a faulty host fills with garbage. */
    GARBAGE(16),
    /** How often a follower falls behind. */
    LAGS(20),
    CHECKPOINTS(24),
    PINS(28),
    REWRITES(32),
    SURPLUS(36),
    /** Deletions that may be undone; without them a deletion is at once. */
    UNDOS(40),
    HEALS(44),
    VOUCHES(48),
    FOREIGN_FAILURES(52),
    ROTS(56),
    // Never counted; 1 lets it happen.
    PROOFS(60),
    PRUNES(60),
    BASES(60),
    UNREADABLES(60),
    DELETES(60),
    /** Marks that are interrupted and resumed. */
    RESTS(60),
    /** Sessions that end without a commit. */
    ENDS(60),
    /** Only A has sessions. */
    ALONE(60);

    private final int at;

    Budget(int at) {
      this.at = at;
    }

    /** How often it happened, of what {@code spent} counts. */
    int in(long spent) {
      return (int) (spent >> at) & 15;
    }

    /** What to add to {@code spent} each time. */
    long one() {
      return 1L << at;
    }
  }

  static Scenario of(List<Chunk> chunks, List<Upload> uploads) {
    return new Scenario(chunks, uploads, 0, 0, Map.of(), Set.of());
  }

  Scenario with(Budget budget, int times) {
    Map<Budget, Integer> more = new EnumMap<>(Budget.class);
    more.putAll(budgets);
    more.put(budget, times);
    return new Scenario(chunks, uploads, faulty, forgers, Collections.unmodifiableMap(more), off);
  }

  Scenario withFaulty(int hosts) {
    return new Scenario(chunks, uploads, hosts, forgers, budgets, off);
  }

  Scenario withForgers(int hosts) {
    return new Scenario(chunks, uploads, faulty, hosts, budgets, off);
  }

  Scenario without(Rule... rules) {
    Set<Rule> more = EnumSet.noneOf(Rule.class);
    Stream.concat(off.stream(), Stream.of(rules)).forEach(more::add);
    return new Scenario(
        chunks, uploads, faulty, forgers, budgets, Collections.unmodifiableSet(more));
  }

  boolean on(Rule rule) {
    return !off.contains(rule);
  }

  int limit(Budget budget) {
    return budgets.getOrDefault(budget, 0);
  }

  boolean allows(Budget budget) {
    return limit(budget) > 0;
  }

  boolean isPage(int chunk) {
    return chunks.get(chunk).isPage();
  }

  int references(int chunk) {
    return chunks.get(chunk).references();
  }

  String name(int chunk) {
    return chunks.get(chunk).name();
  }

  /** Whether the hosts may be exchanged. */
  boolean isSymmetric() {
    return faulty % 3 == 0 && forgers % 3 == 0;
  }

  /** What the clear list of {@code page} says. */
  int list(Entry page) {
    Chunk chunk = chunks.get(page.chunk());
    return page.is(Entry.Flag.GARBAGE) ? chunk.forged() : chunk.references();
  }
}
