package io.holdfast.coordinator.prune;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.KeptSnapshot;
import io.holdfast.proto.stored.v1.DeletionCause;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which snapshots of a database's log its base backups need. Each of them has the log since long
 * before (proto/decisions/0008), so that of those between one base backup and the next the newest
 * good one has all of it; where none is good, the newest. A base backup that can be had back counts
 * like any other. Immutable.
 */
final class LogNeeds {
  /** Base backups that are looked at; the log of a host that has more of them is kept whole. */
  static final int BASES_MAX = 10_000;

  private final Set<SnapshotId> needed = new HashSet<>();
  private long bases;

  private LogNeeds() {}

  /**
   * Looks them up.
   *
   * @param bases source set of the base backups
   * @param log source set of the log
   * @param isGood whether a snapshot may be relied on, were it not deleted
   */
  static LogNeeds of(
      HostId host, Bytes32 bases, Bytes32 log, CatalogView view, Predicate<KeptSnapshot> isGood) {
    LogNeeds needs = new LogNeeds();
    long[] before = {Long.MAX_VALUE}; // seq of the next base backup
    view.snapshots()
        .forEachOfSourceSet(
            host,
            bases,
            base -> {
              long seq = base.stored().seq();
              if (needs.bases++ < BASES_MAX) {
                newest(host, log, view, seq, before[0], isGood)
                    .or(() -> newest(host, log, view, seq, before[0], any -> true))
                    .ifPresent(found -> needs.needed.add(found.stored().id()));
              }
              before[0] = seq;
            });
    return needs;
  }

  /** Between two records. */
  private static Optional<KeptSnapshot> newest(
      HostId host,
      Bytes32 log,
      CatalogView view,
      long after,
      long before,
      Predicate<KeptSnapshot> fits) {
    return view.snapshots()
        .newestOfSourceSet(
            host,
            log,
            before - 1,
            kept -> kept.stored().seq() <= after || (isRules(kept) && fits.test(kept)))
        .filter(kept -> kept.stored().seq() > after);
  }

  /** What a person deleted stays so. */
  private static boolean isRules(KeptSnapshot kept) {
    return kept.deletion()
        .filter(deletion -> deletion.cause() == DeletionCause.DELETION_CAUSE_OPERATOR)
        .isEmpty();
  }

  boolean has(SnapshotId snapshot) {
    return bases > BASES_MAX || needed.contains(snapshot);
  }
}
