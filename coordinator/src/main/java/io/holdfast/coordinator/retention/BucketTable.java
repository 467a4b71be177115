package io.holdfast.coordinator.retention;

import java.util.TreeMap;

/**
 * The newest buckets of one rule that have a good snapshot, at most as many as the rule names, and
 * who stands for each. Buckets that fall out at the old end can't come back: the number of newer
 * ones only grows.
 */
final class BucketTable {
  private final int capacity;
  private final TreeMap<Long, Keeper> newest = new TreeMap<>();

  BucketTable(int capacity) {
    this.capacity = capacity;
  }

  void offer(long bucket, Keeper candidate) {
    if (!reaches(bucket)) {
      return;
    }
    newest.merge(bucket, candidate, (a, b) -> a.compareTo(b) <= 0 ? a : b);
    if (newest.size() > capacity) {
      newest.pollFirstEntry();
    }
  }

  /** Whether fewer than the rule's number of buckets with a good snapshot are newer. */
  boolean reaches(long bucket) {
    return capacity > 0 && (newest.size() < capacity || bucket >= newest.firstKey());
  }

  /** Whether a good snapshot stands for {@code bucket}. */
  boolean isTaken(long bucket) {
    return newest.containsKey(bucket);
  }

  /** Whether {@code candidate} is the one that stands for {@code bucket}. */
  boolean isKept(long bucket, Keeper candidate) {
    return candidate.equals(newest.get(bucket));
  }
}
