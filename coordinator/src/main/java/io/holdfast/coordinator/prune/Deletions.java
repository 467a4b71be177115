package io.holdfast.coordinator.prune;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.unit.Durations;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.KeptSnapshot;
import io.holdfast.coordinator.catalog.RetentionQueries;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.fleet.Audits;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.coordinator.policy.book.Coverage;
import io.holdfast.coordinator.policy.book.StoredPolicy;
import io.holdfast.proto.stored.v1.DeletionCause;
import io.holdfast.proto.stored.v1.Mutation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Snapshots that people delete, and have back. Any thread. */
public final class Deletions {
  private static final int NAMED_MAX = 10;

  /** Whoever approves sees which they are. */
  private static final int NAMED_TO_APPROVE_MAX = 100;

  private final PrunePorts ports;
  private final Holds holds;
  private final RetentionApprovals approvals;
  private final Audits audits;

  public Deletions(PrunePorts ports, Holds holds, RetentionApprovals approvals) {
    this.ports = ports;
    this.holds = holds;
    this.approvals = approvals;
    this.audits = new Audits(ports.fleet().mutations());
  }

  /** What was deleted, and until when it can be had back at least. */
  public record Deleted(List<SnapshotId> snapshots, Instant undoUntil) {}

  /**
   * Deletes {@code snapshots} for {@code actor}, all in one record. INVALID_ARGUMENT for too many,
   * SNAPSHOT_HELD, CONFIRMATION_REQUIRED unless {@code confirmed}, BUSY if a hold came between, and
   * errors of the journal.
   */
  public Deleted delete(Collection<StoredSnapshot> snapshots, boolean confirmed, String actor)
      throws InterruptedException {
    Map<HostId, Map<SnapshotId, StoredSnapshot>> byHost = deletable(snapshots);
    List<SnapshotId> ids =
        byHost.values().stream().flatMap(each -> each.keySet().stream()).toList();
    if (!confirmed) {
      throw unconfirmed(snapshots);
    }
    List<Mutation> mutations = new ArrayList<>();
    for (Map.Entry<HostId, Map<SnapshotId, StoredSnapshot>> host : byHost.entrySet()) {
      mutations.addAll(mutations(host.getKey(), host.getValue(), actor));
    }
    ports.fleet().append(mutations.toArray(Mutation[]::new));
    return deleted(ids);
  }

  private Map<HostId, Map<SnapshotId, StoredSnapshot>> deletable(
      Collection<StoredSnapshot> snapshots) {
    Map<HostId, Map<SnapshotId, StoredSnapshot>> byHost = byHost(snapshots);
    int count = byHost.values().stream().mapToInt(Map::size).sum();
    if (count == 0 || count > RetentionQueries.SNAPSHOTS_MAX) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "name from 1 to " + RetentionQueries.SNAPSHOTS_MAX + " snapshots to delete");
    }
    refuseHeld(byHost);
    return byHost;
  }

  /**
   * What {@code snapshots} are, by their hosts, as somebody has to know who lets them be deleted.
   * INVALID_ARGUMENT and SNAPSHOT_HELD as {@link #delete}.
   */
  public String words(Collection<StoredSnapshot> snapshots) {
    List<String> hosts = new ArrayList<>();
    deletable(snapshots)
        .forEach((host, each) -> hosts.add(words(ports.hosts().get(host), each.values())));
    return String.join("; ", hosts);
  }

  private static String words(NamedHost host, Collection<StoredSnapshot> snapshots) {
    LongSummaryStatistics times =
        snapshots.stream().mapToLong(StoredSnapshot::timeMillis).summaryStatistics();
    String named =
        snapshots.stream()
            .limit(NAMED_TO_APPROVE_MAX)
            .map(snapshot -> snapshot.id().value().abbreviate(12))
            .collect(Collectors.joining(", "));
    int more = snapshots.size() - NAMED_TO_APPROVE_MAX;
    return snapshots.size()
        + (snapshots.size() == 1 ? " snapshot of " : " snapshots of ")
        + host
        + ", from "
        + Instant.ofEpochMilli(times.getMin())
        + " to "
        + Instant.ofEpochMilli(times.getMax())
        + ": "
        + named
        + (more > 0 ? " and " + more + " more" : "");
  }

  private static Map<HostId, Map<SnapshotId, StoredSnapshot>> byHost(
      Collection<StoredSnapshot> snapshots) {
    Map<HostId, Map<SnapshotId, StoredSnapshot>> byHost = new LinkedHashMap<>();
    for (StoredSnapshot snapshot : snapshots) {
      byHost
          .computeIfAbsent(snapshot.host(), host -> new LinkedHashMap<>())
          .put(snapshot.id(), snapshot);
    }
    return byHost;
  }

  private void refuseHeld(Map<HostId, Map<SnapshotId, StoredSnapshot>> byHost) {
    List<StoredPolicy> policies = ports.policies().all();
    try (CatalogView view = ports.fleet().views().get()) {
      byHost.forEach((host, snapshots) -> {
        Coverage coverage = Coverage.of(ports.hosts().get(host), policies);
        snapshots.values().forEach(snapshot -> refuseHeld(snapshot, coverage, view));
      });
    }
  }

  private void refuseHeld(StoredSnapshot snapshot, Coverage coverage, CatalogView view) {
    List<String> names = new ArrayList<>(holds.namesOn(snapshot.id(), view));
    Bytes32 sourceSet = Bytes32.of(snapshot.committed().getSourceSet().toByteArray());
    names.addAll(coverage.of(sourceSet, series(snapshot)).holds());
    if (!names.isEmpty()) {
      throw new HoldfastException(
          ErrorCode.SNAPSHOT_HELD,
          "snapshot "
              + name(snapshot)
              + " is held: "
              + String.join(", ", names)
              + "; release that first (holdfast hold ls, or the policy's hold)");
    }
  }

  private static Set<ByteString> series(StoredSnapshot snapshot) {
    return snapshot.committed().hasScheduled()
        ? Set.of(snapshot.committed().getScheduled().getSeries())
        : Set.of();
  }

  private String name(StoredSnapshot snapshot) {
    return snapshot.id().value().abbreviate(12)
        + " ("
        + ports.hosts().get(snapshot.host()).name()
        + " at "
        + Instant.ofEpochMilli(snapshot.timeMillis())
        + ")";
  }

  private HoldfastException unconfirmed(Collection<StoredSnapshot> snapshots) {
    String named =
        snapshots.stream().limit(NAMED_MAX).map(this::name).collect(Collectors.joining(", "));
    String more =
        snapshots.size() > NAMED_MAX ? " and " + (snapshots.size() - NAMED_MAX) + " more" : "";
    return new HoldfastException(
        ErrorCode.CONFIRMATION_REQUIRED,
        "would be deleted: "
            + named
            + more
            + "; for "
            + Durations.exact(ports.undo())
            + " they could be had back; say that this is wanted (--yes)");
  }

  private List<Mutation> mutations(
      HostId host, Map<SnapshotId, StoredSnapshot> snapshots, String actor) {
    List<Mutation> mutations = new ArrayList<>();
    ByteString approval = ByteString.EMPTY;
    if (isFall(host, snapshots.values())) {
      RetentionApprovals.OfDeletion approved = approvals.ofDeletion(host, snapshots.size(), actor);
      mutations.add(approved.mutation());
      approval = approved.id();
    }
    PruneRecords.Decided decided =
        new PruneRecords.Decided(host, DeletionCause.DELETION_CAUSE_OPERATOR, 0, approval);
    mutations.addAll(PruneRecords.deleted(decided, List.copyOf(snapshots.keySet()), ports.undo()));
    mutations.add(audit(actor, "delete", host, snapshots.keySet()));
    return mutations;
  }

  private boolean isFall(HostId host, Collection<StoredSnapshot> snapshots) {
    long scheduled =
        snapshots.stream().filter(snapshot -> snapshot.committed().hasScheduled()).count();
    try (CatalogView view = ports.fleet().views().get()) {
      return view.retention().fall(host, scheduled, snapshots.size() - scheduled) > 0;
    }
  }

  private Mutation audit(
      String actor, String action, HostId host, Collection<SnapshotId> snapshots) {
    return audits.of(
        actor,
        action,
        Optional.of(host),
        "snapshots "
            + snapshots.stream().map(SnapshotId::toString).collect(Collectors.joining(" ")));
  }

  private Deleted deleted(List<SnapshotId> ids) {
    List<SnapshotId> deleted = new ArrayList<>();
    long until = Long.MAX_VALUE;
    try (CatalogView view = ports.fleet().views().get()) {
      for (SnapshotId id : ids) {
        Optional<KeptSnapshot> kept = view.snapshots().findKept(id).filter(one -> !one.isLive());
        if (kept.isPresent()) {
          deleted.add(id);
          until = Math.min(until, kept.get().deletion().orElseThrow().undoUntilMillis());
        }
      }
    }
    if (deleted.isEmpty()) {
      throw new HoldfastException(
          ErrorCode.BUSY, "none was deleted, for something came between; look, and try again");
    }
    return new Deleted(deleted, Instant.ofEpochMilli(until));
  }

  /**
   * Has {@code snapshots} back for {@code actor}, all in one record; live ones are passed over.
   * SNAPSHOT_NOT_FOUND if one was dropped meanwhile; errors of the journal.
   */
  public List<SnapshotId> undelete(Collection<KeptSnapshot> snapshots, String actor)
      throws InterruptedException {
    Map<HostId, Map<SnapshotId, StoredSnapshot>> byHost =
        byHost(
            snapshots.stream().filter(kept -> !kept.isLive()).map(KeptSnapshot::stored).toList());
    List<Mutation> mutations = new ArrayList<>();
    byHost.forEach((host, each) -> {
      each.keySet().forEach(id -> mutations.add(PruneRecords.undeleted(id)));
      mutations.add(audit(actor, "undelete", host, each.keySet()));
    });
    if (!mutations.isEmpty()) {
      ports.fleet().append(mutations.toArray(Mutation[]::new));
    }
    List<SnapshotId> ids = snapshots.stream().map(kept -> kept.stored().id()).distinct().toList();
    requireLive(ids);
    return ids;
  }

  private void requireLive(List<SnapshotId> ids) {
    try (CatalogView view = ports.fleet().views().get()) {
      for (SnapshotId id : ids) {
        if (view.snapshots().find(id).isEmpty()) {
          throw new HoldfastException(
              ErrorCode.SNAPSHOT_NOT_FOUND,
              "snapshot " + id + " was forgotten before it could be had back");
        }
      }
    }
  }
}
