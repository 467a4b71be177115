package io.holdfast.coordinator.prune;

import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.KeptSnapshot;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.proof.SnapshotHealth;
import io.holdfast.coordinator.retention.Gaps;
import io.holdfast.coordinator.retention.Life;
import io.holdfast.coordinator.retention.Origin;
import io.holdfast.coordinator.retention.SnapshotFacts;
import io.holdfast.proto.stored.v1.DeletionCause;
import io.holdfast.proto.stored.v1.ScheduledRun;
import io.holdfast.proto.stored.v1.SnapshotCommitted;
import io.holdfast.proto.stored.v1.Totals;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What retention looks at, out of one view of the catalog. One thread. */
final class Facts {
  private final CatalogView view;
  private final SnapshotHealth health;
  private final Holds holds;

  Facts(CatalogView view, SnapshotHealth health, Holds holds) {
    this.view = view;
    this.health = health;
    this.holds = holds;
  }

  /** {@code policyHolds}: what its data classes hold it by. */
  SnapshotFacts of(KeptSnapshot kept, List<String> policyHolds) {
    StoredSnapshot stored = kept.stored();
    return new SnapshotFacts(
        stored.id(),
        Instant.ofEpochMilli(stored.timeMillis()),
        nominal(stored.committed()),
        gaps(stored.committed().getTotals()),
        health.of(stored, view),
        false,
        Stream.concat(holds.namesOn(stored.id(), view).stream(), policyHolds.stream()).toList(),
        Origin.HERE,
        life(kept));
  }

  private static Optional<Instant> nominal(SnapshotCommitted committed) {
    ScheduledRun run = committed.getScheduled();
    return committed.hasScheduled()
        ? Optional.of(Instant.ofEpochSecond(run.getNominalSeconds()))
        : Optional.empty();
  }

  /** A host that names nonsense has named many. */
  private static Gaps gaps(Totals totals) {
    long count = totals.getGaps();
    return new Gaps(count < 0 ? Long.MAX_VALUE : count, Math.max(0, totals.getEntries()));
  }

  private static Life life(KeptSnapshot kept) {
    if (kept.deletion().isEmpty()) {
      return kept.undeletedMillis().isEmpty()
          ? Life.Live.NEW
          : new Life.Live(Optional.of(Instant.ofEpochMilli(kept.undeletedMillis().getAsLong())));
    }
    var deletion = kept.deletion().get();
    boolean byRules = deletion.cause() == DeletionCause.DELETION_CAUSE_RETENTION;
    return new Life.Deleted(
        Instant.ofEpochMilli(deletion.undoUntilMillis()),
        byRules ? Life.Cause.RETENTION : Life.Cause.OPERATOR);
  }
}
