package io.holdfast.coordinator.proof;

import io.holdfast.common.id.HostId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * All snapshots of some hosts, host after host and oldest first, some at a time and without holding
 * a view between: for work that takes hours. Those committed meanwhile may be among them. One
 * thread.
 */
public final class SnapshotsInOrder {
  private static final int BATCH = 256;

  private final Supplier<CatalogView> views;
  private final Deque<HostId> hosts;
  private final Deque<StoredSnapshot> next = new ArrayDeque<>();
  private final Set<SnapshotId> seenAtMillis = new HashSet<>();
  private long fromMillis = Long.MIN_VALUE;

  private SnapshotsInOrder(Supplier<CatalogView> views, List<HostId> hosts) {
    this.views = views;
    this.hosts = new ArrayDeque<>(hosts);
  }

  /** Snapshots of every host ever enrolled. */
  public static SnapshotsInOrder ofAll(Supplier<CatalogView> views) {
    try (CatalogView view = views.get()) {
      return new SnapshotsInOrder(
          views, view.fleet().hosts().stream().map(host -> host.id()).toList());
    }
  }

  public static SnapshotsInOrder of(Supplier<CatalogView> views, HostId host) {
    return new SnapshotsInOrder(views, List.of(host));
  }

  /** The next one; empty at the end. */
  public Optional<StoredSnapshot> next() {
    while (next.isEmpty() && !hosts.isEmpty()) {
      fill(hosts.peek());
      if (next.isEmpty()) {
        hosts.remove();
        seenAtMillis.clear();
        fromMillis = Long.MIN_VALUE;
      }
    }
    return Optional.ofNullable(next.poll());
  }

  private void fill(HostId host) {
    try (CatalogView view = views.get()) {
      int limit = BATCH + seenAtMillis.size();
      long from = Math.max(0, fromMillis);
      for (StoredSnapshot snapshot : view.snapshots().ofHost(host, from, limit)) {
        take(snapshot);
      }
    }
  }

  private void take(StoredSnapshot snapshot) {
    if (snapshot.timeMillis() != fromMillis) {
      seenAtMillis.clear();
      fromMillis = snapshot.timeMillis();
    }
    if (seenAtMillis.add(snapshot.id())) {
      next.add(snapshot);
    }
  }
}
