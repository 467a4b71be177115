package io.holdfast.coordinator.vault;

/** The ways in which a {@link HostileVault} misbehaves. */
public enum Mischief {
  /** Any call fails as unavailable, and nothing happened. */
  FAIL_BEFORE,
  /** A create, finish or delete happens, and its caller is told that nobody knows. */
  FAIL_AFTER,
  /** A create answers that nobody knows, and nothing happened nor ever will. */
  NEVER_LANDS,
  /** A create answers that nobody knows, and happens during some later call, or at {@code land}. */
  LANDS_LATE,
  /** A list leaves out the names created last. */
  STALE_LIST,
  /** A list ends early without a word. */
  PARTIAL_LIST,
  /** What was created last isn't found yet. */
  LATE_VISIBILITY,
  /** A read gives the object's beginning only, with a matching length. */
  SHORT_READ,
  /** A read gives the object with one bit turned. */
  FLIPPED_READ,
  /** A read gives another object of the same directory, one that was created earlier. */
  OTHER_OBJECT
}
