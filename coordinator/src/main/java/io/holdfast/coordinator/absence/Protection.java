package io.holdfast.coordinator.absence;

/** How a host, or a data class of it, is protected; the worse, the later. */
public enum Protection {
  /** There is a good snapshot, as young as the policy wants it. */
  PROTECTED,
  /** Nothing was due yet. */
  AWAITED,
  /** The newest good snapshot is too old. */
  OVERDUE,
  /** A first good snapshot was due and never came. */
  NEVER,
  /** No policy is for it. */
  NOTHING;

  public boolean isBad() {
    return compareTo(AWAITED) > 0;
  }
}
