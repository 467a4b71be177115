package io.holdfast.coordinator.prune;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.CoordinatorId;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.snapshot.SnapshotFormat;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.KeptSnapshot;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.fleet.FleetKit;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.coordinator.policy.book.PolicyBook;
import io.holdfast.coordinator.policy.book.StoredPolicy;
import io.holdfast.coordinator.proof.SnapshotHealth;
import io.holdfast.coordinator.retention.clock.ClockLimits;
import io.holdfast.coordinator.schedule.plan.Series;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.HostErased;
import io.holdfast.proto.stored.v1.Outcome;
import io.holdfast.proto.stored.v1.Proof;
import io.holdfast.proto.stored.v1.ProofLevel;
import io.holdfast.proto.stored.v1.ScheduledRun;
import io.holdfast.proto.stored.v1.SnapshotCommitted;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Retention over a real catalog, with a clock moved by hand that is trusted from the beginning. */
final class PruneKit implements AutoCloseable {
  static final Duration UNDO = Duration.ofDays(7);

  final FleetKit fleet = new FleetKit(41);
  final PolicyBook policies = new PolicyBook(fleet.ports, fleet.hosts);
  final SnapshotHealth health = new SnapshotHealth();
  final Holds holds = new Holds(fleet.ports);
  final RetentionApprovals approvals = new RetentionApprovals(fleet.ports);
  final PrunePorts ports = new PrunePorts(fleet.ports, fleet.hosts, policies, health, UNDO);
  final Deletions deletions = new Deletions(ports, holds, approvals);
  final ClockKeeper clock;
  final PruneRounds rounds;

  PruneKit(Path directory) throws InterruptedException {
    clock = clock(directory);
    clock.confirm(true, "anna");
    rounds = new PruneRounds(ports, holds, clock);
  }

  /** A coordinator's clock, as its process finds it. */
  ClockKeeper clock(Path directory) {
    return ClockKeeper.open(
        fleet.ports,
        CoordinatorId.of(new byte[16]),
        FileSystem.local(),
        directory.resolve("clock"),
        ClockLimits.USUAL);
  }

  HostId enrol(String name) throws InterruptedException {
    return fleet.enrol(name).id();
  }

  /** Applies a policy for every host and its files in {@code path}. */
  StoredPolicy apply(String name, String path, String retention) throws InterruptedException {
    policies.apply("p.yaml", text(name, path, retention), true, "anna");
    return policies.get(name);
  }

  /** A policy for every host and its files in {@code path}. */
  static String text(String name, String path, String retention) {
    return """
    apiVersion: holdfast/v1
    kind: Policy
    metadata: {name: %s}
    spec:
      selector: {}
      source: {files: {include: [%s]}}
      schedule: {cron: "@daily"}
    %s
    """
        .formatted(name, path, retention.isEmpty() ? "" : "  " + retention);
  }

  /** Applies a policy for every host and its PostgreSQL cluster. */
  StoredPolicy applyCluster(String name, String retention) throws InterruptedException {
    String text =
        """
        apiVersion: holdfast/v1
        kind: Policy
        metadata: {name: %s}
        spec:
          selector: {}
          source: {postgresql: {walArchive: true}}
          schedule: {cron: "@daily"}
          %s
        """
            .formatted(name, retention);
    policies.apply("p.yaml", text, true, "anna");
    return policies.get(name);
  }

  private void append(Change.Builder change) throws InterruptedException {
    fleet.ports.append(MutationSealer.clear(change.build()));
  }

  /** A snapshot of {@code path} that nobody scheduled, proven. */
  SnapshotId take(HostId host, String path) throws InterruptedException {
    SnapshotId snapshot = takeUnproven(host, path);
    prove(snapshot);
    return snapshot;
  }

  SnapshotId takeUnproven(HostId host, String path) throws InterruptedException {
    return commit(host, path, SnapshotCommitted.newBuilder());
  }

  /** As {@link #take}, by the schedule of the only data class of {@code policy}, due now. */
  SnapshotId takeScheduled(HostId host, String path, StoredPolicy policy)
      throws InterruptedException {
    Series series = new Series(policy.id(), "default", host);
    ScheduledRun run =
        ScheduledRun.newBuilder()
            .setPolicy(ByteString.copyFrom(policy.id().toByteArray()))
            .setSeries(ByteString.copyFrom(series.id().toByteArray()))
            .setNominalSeconds(fleet.time.now().getEpochSecond())
            .setAttempt(1)
            .build();
    SnapshotId snapshot = commit(host, path, SnapshotCommitted.newBuilder().setScheduled(run));
    prove(snapshot);
    return snapshot;
  }

  private SnapshotId commit(HostId host, String path, SnapshotCommitted.Builder committed)
      throws InterruptedException {
    byte[] id = fleet.randomness.bytes(32);
    Bytes32 sourceSet = SnapshotFormat.sourceSet(List.of(path.getBytes(StandardCharsets.UTF_8)));
    append(
        Change.newBuilder()
            .setSnapshotCommitted(
                committed
                    .setSnapshot(ByteString.copyFrom(id))
                    .setHost(ByteString.copyFrom(host.toByteArray()))
                    .setRun(ByteString.copyFrom(fleet.randomness.bytes(16)))
                    .setRoot(ByteString.copyFrom(fleet.randomness.bytes(32)))
                    .setOutcome(Outcome.OUTCOME_COMPLETE)
                    .setSourceSet(ByteString.copyFrom(sourceSet.toByteArray()))));
    return SnapshotId.of(id);
  }

  void prove(SnapshotId snapshot) throws InterruptedException {
    append(
        Change.newBuilder()
            .setProof(
                Proof.newBuilder()
                    .setLevel(ProofLevel.PROOF_LEVEL_PROVEN)
                    .addSnapshots(ByteString.copyFrom(snapshot.toByteArray()))));
  }

  /** As whoever erases hosts journals it; the host is out of service first. */
  void erase(HostId host) throws InterruptedException {
    fleet.revocations.revoke(host, "anna");
    append(
        Change.newBuilder()
            .setHostErased(
                HostErased.newBuilder().setHost(ByteString.copyFrom(host.toByteArray()))));
  }

  void pass(Duration time) {
    fleet.time.advance(time);
  }

  <T> T ask(Function<CatalogView, T> question) {
    try (CatalogView view = fleet.ports.views().get()) {
      return question.apply(view);
    }
  }

  StoredSnapshot get(SnapshotId snapshot) {
    return ask(view -> view.snapshots().find(snapshot)).orElseThrow();
  }

  boolean isLive(SnapshotId snapshot) {
    return ask(view -> view.snapshots().find(snapshot)).isPresent();
  }

  boolean isDeleted(SnapshotId snapshot) {
    Optional<KeptSnapshot> kept = ask(view -> view.snapshots().findKept(snapshot));
    return kept.isPresent() && !kept.get().isLive();
  }

  boolean isDropped(SnapshotId snapshot) {
    return ask(view -> view.snapshots().isDropped(snapshot));
  }

  PruneRounds.Outcome round() throws InterruptedException {
    return rounds.make(Optional.empty());
  }

  @Override
  public void close() {
    fleet.close();
  }
}
