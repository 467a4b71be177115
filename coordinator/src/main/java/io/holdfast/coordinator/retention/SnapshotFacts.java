package io.holdfast.coordinator.retention;

import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.proof.SnapshotHealth;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All that retention looks at in a snapshot. No time in it is the host's.
 *
 * @param committed by the coordinator that took the commit
 * @param nominal when it was due by that coordinator's schedule, if a schedule ordered it
 * @param health how far it may be relied on at this site
 * @param suspect something about it looks like damage done on the host
 * @param holds names of the holds on it
 */
public record SnapshotFacts(
    SnapshotId id,
    Instant committed,
    Optional<Instant> nominal,
    Gaps gaps,
    SnapshotHealth.State health,
    boolean suspect,
    List<String> holds,
    Origin origin,
    Life life) {
  public SnapshotFacts {
    holds = List.copyOf(holds);
  }

  /**
   * The time it stands for: a run that was late or long stands for when it was due. Another site
   * can't name a time after the snapshot arrived here.
   */
  Instant time() {
    Instant known = earlier(committed, nominal.orElse(committed));
    return origin instanceof Origin.Imported imported ? earlier(known, imported.arrived()) : known;
  }

  /** From when on its age counts for the floor. */
  Instant bornAt() {
    if (life instanceof Life.Live live && live.undeleted().isPresent()) {
      return later(live.undeleted().get(), committedHere());
    }
    return committedHere();
  }

  public Rank rank() {
    return Rank.of(nominal.isPresent(), origin);
  }

  /** Nobody can open it any more. */
  boolean isErased() {
    return health == SnapshotHealth.State.ERASED;
  }

  public boolean isHeld() {
    return !holds.isEmpty();
  }

  /** As if it had never been deleted. */
  SnapshotFacts undeleted() {
    return new SnapshotFacts(
        id, committed, nominal, gaps, health, suspect, holds, origin, Life.Live.NEW);
  }

  private Instant committedHere() {
    return switch (origin) {
      case Origin.Here _ -> committed;
      case Origin.Imported imported ->
          imported.late() ? imported.arrived() : earlier(committed, imported.arrived());
    };
  }

  static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  private static Instant later(Instant a, Instant b) {
    return a.isBefore(b) ? b : a;
  }
}
