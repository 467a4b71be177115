package io.holdfast.coordinator.vault;

import io.holdfast.common.error.HoldfastException;

/** What became of a conditional create. */
public sealed interface CreateOutcome {
  /** The name was free; it now holds exactly our bytes, whole and durable. */
  record Created(long bytes) implements CreateOutcome {}

  /**
   * Somebody's complete object (perhaps our own, from an earlier attempt) holds the name, durably.
   * It has not been touched.
   */
  record Exists() implements CreateOutcome {}

  /**
   * Neither is certain, for this reason: the name may hold our bytes, somebody else's or nothing,
   * and that may still change. Until a read shows what it holds, only these same bytes may be
   * created there; and if our own bytes are read back after a failed sync, they are seen but not
   * durable.
   *
   * @param syncFailed whether the name was made and its sync failed: asking again proves nothing
   */
  record Unknown(HoldfastException cause, boolean syncFailed) implements CreateOutcome {
    public Unknown(HoldfastException cause) {
      this(cause, false);
    }
  }
}
