package io.holdfast.coordinator.retention;

import io.holdfast.coordinator.proof.SnapshotHealth;
import java.util.Optional;

/** What a snapshot has to be to count: good is what has no flaw. */
record Standard(RetentionRules rules, Situation situation) {
  Optional<Flaw> flawOf(SnapshotFacts snapshot) {
    if (snapshot.life() instanceof Life.Deleted) {
      return Optional.of(Flaw.DELETED);
    }
    if (snapshot.time().isAfter(situation.now())) {
      return Optional.of(Flaw.DATED_AHEAD);
    }
    if (snapshot.origin() instanceof Origin.Imported imported && imported.late()) {
      return Optional.of(Flaw.ARRIVED_LATE);
    }
    if (snapshot.suspect()) {
      return Optional.of(Flaw.SUSPECT);
    }
    if (snapshot.gaps().pass(rules.gapsLimit())) {
      return Optional.of(Flaw.GAPS);
    }
    return unreliable(snapshot.health());
  }

  private Optional<Flaw> unreliable(SnapshotHealth.State health) {
    return switch (health) {
      case PROVEN -> Optional.empty();
      case CHECKED -> situation.keyed() ? Optional.of(Flaw.UNPROVEN) : Optional.empty();
      case STORED -> Optional.of(situation.keyed() ? Flaw.UNPROVEN : Flaw.UNCHECKED);
      case DAMAGED -> Optional.of(Flaw.DAMAGED);
      case ERASED -> Optional.of(Flaw.ERASED);
    };
  }
}
