package io.holdfast.coordinator.retention;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.SiteId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.proof.SnapshotHealth;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A snapshot as a literal: complete, proven, live and taken here, but for what is said. */
record Taken(SnapshotFacts facts) {
  static final SiteId ELSEWHERE = new SiteId(new UUID(7, 7));
  static final Gaps MANY_GAPS = new Gaps(500, 1_000);

  static Taken scheduled(long id, Instant nominal, Instant committed) {
    return taken(id, committed, Optional.of(nominal));
  }

  static Taken scheduled(long id, Instant nominal) {
    return scheduled(id, nominal, nominal);
  }

  static Taken unscheduled(long id, Instant committed) {
    return taken(id, committed, Optional.empty());
  }

  private static Taken taken(long id, Instant committed, Optional<Instant> nominal) {
    return new Taken(
        new SnapshotFacts(
            id(id),
            committed,
            nominal,
            Gaps.NONE,
            SnapshotHealth.State.PROVEN,
            false,
            List.of(),
            Origin.HERE,
            Life.Live.NEW));
  }

  static SnapshotId id(long number) {
    return new SnapshotId(new Bytes32(number, 0, 0, 0));
  }

  Taken with(Gaps gaps) {
    return changed(gaps, facts.health(), facts.suspect(), facts.holds(), facts.origin());
  }

  Taken with(SnapshotHealth.State health) {
    return changed(facts.gaps(), health, facts.suspect(), facts.holds(), facts.origin());
  }

  Taken suspect() {
    return changed(facts.gaps(), facts.health(), true, facts.holds(), facts.origin());
  }

  Taken held(String... holds) {
    return changed(facts.gaps(), facts.health(), facts.suspect(), List.of(holds), facts.origin());
  }

  Taken imported(Instant arrived, boolean late) {
    Origin origin = new Origin.Imported(ELSEWHERE, arrived, late);
    return changed(facts.gaps(), facts.health(), facts.suspect(), facts.holds(), origin);
  }

  Taken with(Life life) {
    return new Taken(
        new SnapshotFacts(
            facts.id(),
            facts.committed(),
            facts.nominal(),
            facts.gaps(),
            facts.health(),
            facts.suspect(),
            facts.holds(),
            facts.origin(),
            life));
  }

  private Taken changed(
      Gaps gaps, SnapshotHealth.State health, boolean suspect, List<String> holds, Origin origin) {
    return new Taken(
        new SnapshotFacts(
            facts.id(),
            facts.committed(),
            facts.nominal(),
            gaps,
            health,
            suspect,
            holds,
            origin,
            facts.life()));
  }
}
