package io.holdfast.coordinator.browse;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.common.snapshot.SourceNames;
import io.holdfast.coordinator.catalog.CatalogHead;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.KeptSnapshot;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.journal.MutationSealer;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds a host's newest snapshot at a time. The catalog goes forward in time only, so the time is
 * searched by halves: some forty look-ups, however many snapshots there are.
 */
public final class NewestSnapshot {
  /** Snapshots of one host in one millisecond that are told apart. */
  private static final int TIES = 1_024;

  private final MutationSealer mutations;

  NewestSnapshot(MutationSealer mutations) {
    this.mutations = mutations;
  }

  /**
   * As {@link #find}, without logs of databases: whoever asks for the newest snapshot means one
   * that is something by itself, and a log is stored every few minutes. Where the newest is one, a
   * look-up more for each source set of the host.
   */
  Optional<StoredSnapshot> findMeant(CatalogView view, HostId host, long throughMillis) {
    Optional<StoredSnapshot> newest = find(view, host, throughMillis);
    if (newest.isEmpty() || !isLog(newest.get())) {
      return newest;
    }
    return view.snapshots().sourceSets(host).stream()
        .flatMap(set -> newestOf(view, host, set, newest.get().seq()).stream())
        .filter(snapshot -> !isLog(snapshot))
        .max(Comparator.comparingLong(StoredSnapshot::seq));
  }

  private static Optional<StoredSnapshot> newestOf(
      CatalogView view, HostId host, Bytes32 sourceSet, long throughSeq) {
    return view.snapshots()
        .newestOfSourceSet(host, sourceSet, throughSeq, KeptSnapshot::isLive)
        .map(KeptSnapshot::stored);
  }

  private boolean isLog(StoredSnapshot snapshot) {
    return mutations
        .open(snapshot.mutation())
        .filter(details -> SourceNames.isPostgreSqlLog(details.getSnapshot().getSourcesList()))
        .isPresent();
  }

  /** The newest snapshot of {@code host} committed at {@code throughMillis} or before. */
  public static Optional<StoredSnapshot> find(CatalogView view, HostId host, long throughMillis) {
    long now = view.head().map(CatalogHead::timeMillis).orElse(0L);
    long high = Math.min(throughMillis, now);
    Optional<StoredSnapshot> best = from(view, host, 0, high);
    while (best.isPresent() && best.get().timeMillis() < high) {
      long found = best.get().timeMillis();
      long middle = found + (high - found + 1) / 2;
      Optional<StoredSnapshot> later = from(view, host, middle, high);
      if (later.isPresent()) {
        best = later;
      } else {
        high = middle - 1;
      }
    }
    return best.map(one -> lastOfItsMillisecond(view, one));
  }

  private static Optional<StoredSnapshot> from(
      CatalogView view, HostId host, long fromMillis, long throughMillis) {
    return view.snapshots().ofHost(host, fromMillis, 1).stream()
        .filter(snapshot -> snapshot.timeMillis() <= throughMillis)
        .findFirst();
  }

  private static StoredSnapshot lastOfItsMillisecond(CatalogView view, StoredSnapshot one) {
    List<StoredSnapshot> ties = view.snapshots().ofHost(one.host(), one.timeMillis(), TIES);
    return ties.stream()
        .filter(snapshot -> snapshot.timeMillis() == one.timeMillis())
        .max(Comparator.comparingLong(StoredSnapshot::seq))
        .orElse(one);
  }
}
