package io.holdfast.coordinator.policy;

/**
 * Two data classes that are in each other's way on a host.
 *
 * @param one policy and data class, as {@code policy/class}
 */
public record Overlap(Kind kind, String one, String other, String text) {
  /** What is the matter; the later, the worse. */
  public enum Kind {
    /** Paths of one lie inside the other's: they are read twice. */
    NESTED,
    /** Both make snapshots of one source set. */
    SAME_SOURCE,
    /** Both do, and they don't agree on how long those are kept. */
    OTHER_RETENTION
  }

  @Override
  public String toString() {
    return one + " and " + other + ": " + text;
  }
}
