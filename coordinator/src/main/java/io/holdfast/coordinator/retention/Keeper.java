package io.holdfast.coordinator.retention;

import io.holdfast.common.id.SnapshotId;
import java.time.Instant;
import java.util.Comparator;

/**
 * A good snapshot as a candidate for its bucket. The least one stands for it: the lowest rank,
 * among these the one that was there first. So what stands is never displaced by what comes later.
 */
record Keeper(Rank rank, Instant committed, SnapshotId id) implements Comparable<Keeper> {
  /** By the time of the commit alone: what is newest. */
  static final Comparator<Keeper> BY_AGE =
      Comparator.comparing(Keeper::committed).thenComparing(Keeper::id);

  private static final Comparator<Keeper> FIRST =
      Comparator.comparing(Keeper::rank).thenComparing(BY_AGE);

  static Keeper of(SnapshotFacts snapshot) {
    return new Keeper(snapshot.rank(), snapshot.committed(), snapshot.id());
  }

  @Override
  public int compareTo(Keeper other) {
    return FIRST.compare(this, other);
  }
}
