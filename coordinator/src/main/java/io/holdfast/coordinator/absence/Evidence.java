package io.holdfast.coordinator.absence;

import java.time.Instant;
import java.util.Optional;

/**
 * What there is of a series.
 *
 * @param good the newest snapshot that counts
 * @param newer a newer one that doesn't
 */
public record Evidence(Optional<GoodSnapshot> good, Optional<Flawed> newer) {
  public static final Evidence NONE = new Evidence(Optional.empty(), Optional.empty());

  /** Why a snapshot doesn't count. */
  public enum Flaw {
    /** More gaps than the data class allows. */
    GAPS,
    /** Something it needs is lost. */
    DAMAGED,
    /** It should have been proven by now. */
    UNPROVEN
  }

  /** A snapshot that doesn't count. */
  public record Flawed(Instant committed, Flaw flaw, long gaps) {}
}
