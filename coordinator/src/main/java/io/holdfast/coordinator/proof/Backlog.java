package io.holdfast.coordinator.proof;

import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Which snapshots are to be proven next, some at a time: the oldest that are due. One that couldn't
 * be proven waits. One thread.
 */
final class Backlog {
  /** Snapshots taken from the catalog at a time. */
  static final int BATCH = 256;

  /** Snapshots remembered as waiting; beyond that the longest-remembered is tried sooner. */
  static final int WAITING_LIMIT = 65_536;

  private final Time time;
  private final Duration retryInterval;
  private final Deque<SnapshotId> next = new ArrayDeque<>();
  private final Map<SnapshotId, Long> notBeforeNanos = new LinkedHashMap<>();

  Backlog(Time time, Duration retryInterval) {
    this.time = time;
    this.retryInterval = retryInterval;
  }

  Optional<SnapshotId> poll() {
    return Optional.ofNullable(next.poll());
  }

  boolean isEmpty() {
    return next.isEmpty();
  }

  /** Looks through all snapshots of {@code view} afresh; tells {@code meter} how many are due. */
  void refill(CatalogView view, ProofMeter meter) {
    next.clear();
    Comparator<StoredSnapshot> order = Comparator.comparingLong(StoredSnapshot::seq);
    Scan scan = new Scan(view, order);
    view.snapshots().forEach(scan::look);
    meter.backlog(scan.due, scan.all, scan.oldestMillis);
    scan.chosen.stream().sorted(order).forEach(snapshot -> next.add(snapshot.id()));
  }

  /** It couldn't be proven: not again for a while. */
  void putOff(SnapshotId snapshot) {
    notBeforeNanos.put(snapshot, time.nanos() + retryInterval.toNanos());
    if (notBeforeNanos.size() > WAITING_LIMIT) {
      notBeforeNanos.remove(notBeforeNanos.keySet().iterator().next());
    }
  }

  void done(SnapshotId snapshot) {
    notBeforeNanos.remove(snapshot);
  }

  private boolean isWaiting(SnapshotId snapshot) {
    Long until = notBeforeNanos.get(snapshot);
    return until != null && until - time.nanos() > 0;
  }

  /** One look through the snapshots, keeping the first that are due. */
  private final class Scan {
    private final CatalogView view;
    private final PriorityQueue<StoredSnapshot> chosen;
    private long due;
    private long all;
    private long oldestMillis;

    Scan(CatalogView view, Comparator<StoredSnapshot> order) {
      this.view = view;
      this.chosen = new PriorityQueue<>(order.reversed());
    }

    void look(StoredSnapshot snapshot) {
      all++;
      if (!SnapshotHealth.isDue(snapshot, view)) {
        return;
      }
      due++;
      oldestMillis =
          oldestMillis == 0 ? snapshot.timeMillis() : Math.min(oldestMillis, snapshot.timeMillis());
      if (!isWaiting(snapshot.id())) {
        chosen.add(snapshot);
        if (chosen.size() > BATCH) {
          chosen.poll();
        }
      }
    }
  }
}
