package io.holdfast.deploy.sim;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.id.CoordinatorId;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.KeptSnapshot;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.fleet.FleetMeter;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.fleet.HostDirectory;
import io.holdfast.coordinator.policy.book.PolicyBook;
import io.holdfast.coordinator.proof.SnapshotHealth;
import io.holdfast.coordinator.prune.ClockKeeper;
import io.holdfast.coordinator.prune.Deletions;
import io.holdfast.coordinator.prune.Holds;
import io.holdfast.coordinator.prune.PrunePorts;
import io.holdfast.coordinator.prune.PruneRounds;
import io.holdfast.coordinator.prune.RetentionApprovals;
import io.holdfast.coordinator.retention.clock.ClockLimits;
import io.holdfast.proto.wire.v1.JobOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** What operators do to snapshots, through the parts of one coordinator. */
final class SimPrune {
  static final Duration UNDO = Duration.ofDays(1);

  private static final String ACTOR = "operator";

  private final FleetPorts fleet;
  private final Deletions deletions;
  private final ClockKeeper clock;
  private final PruneRounds rounds;

  SimPrune(FleetPorts fleet, SnapshotHealth health, FileSystem disk) {
    this.fleet = fleet;
    HostDirectory hosts = new HostDirectory(fleet);
    PolicyBook policies = new PolicyBook(fleet, hosts);
    PrunePorts ports = new PrunePorts(fleet, hosts, policies, health, UNDO);
    Holds holds = new Holds(fleet);
    this.deletions = new Deletions(ports, holds, new RetentionApprovals(fleet));
    this.clock =
        ClockKeeper.open(
            fleet, CoordinatorId.of(new byte[16]), disk, Path.of("/clock"), ClockLimits.USUAL);
    this.rounds = new PruneRounds(ports, holds, clock);
  }

  /** Deletes one or two snapshots; {@code asked} learns of them first. */
  void delete(RandomGenerator random, Set<SnapshotId> asked) throws InterruptedException {
    List<StoredSnapshot> live = new ArrayList<>();
    try (CatalogView view = fleet.views().get()) {
      view.snapshots().forEach(live::add);
    }
    if (!live.isEmpty()) {
      List<StoredSnapshot> some =
          List.of(live.get(random.nextInt(live.size())), live.get(random.nextInt(live.size())));
      some.forEach(snapshot -> asked.add(snapshot.id()));
      deletions.delete(some, true, ACTOR);
    }
  }

  void undelete(RandomGenerator random) throws InterruptedException {
    List<KeptSnapshot> deleted;
    try (CatalogView view = fleet.views().get()) {
      deleted = view.snapshots().deletedWithPrefix("", 1_000);
    }
    if (!deleted.isEmpty()) {
      deletions.undelete(List.of(deleted.get(random.nextInt(deleted.size()))), ACTOR);
    }
  }

  /** Forgets what is deleted for longer than its undo. */
  void drop() throws InterruptedException {
    clock.confirm(true, ACTOR);
    rounds.make(Optional.empty());
  }

  /** Counts nothing. */
  static final class Silent implements FleetMeter {
    @Override
    public void enrolled() {}

    @Override
    public void renewed() {}

    @Override
    public void refused(ErrorCode code) {}

    @Override
    public void tokenReused(Optional<HostId> letIn) {}

    @Override
    public void cloneRefused(HostId host) {}

    @Override
    public void runBegun(Duration late) {}

    @Override
    public void backupFailed() {}

    @Override
    public void restoreEnded(JobOutcome outcome, long bytes, Duration took) {}

    @Override
    public void callsEnded(int calls) {}
  }
}
