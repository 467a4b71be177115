package io.holdfast.deploy.sim;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.absence.AbsencePorts;
import io.holdfast.coordinator.alarm.Incidents;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.dispatch.ScheduleRounds;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.fleet.HostDirectory;
import io.holdfast.coordinator.job.JobLimits;
import io.holdfast.coordinator.job.JobLogSink;
import io.holdfast.coordinator.job.Jobs;
import io.holdfast.coordinator.job.Orders;
import io.holdfast.coordinator.job.RestoreSpeeds;
import io.holdfast.coordinator.notify.ListeningNotifier;
import io.holdfast.coordinator.notify.MemoryFile;
import io.holdfast.coordinator.notify.Notice;
import io.holdfast.coordinator.notify.Notifier;
import io.holdfast.coordinator.policy.book.PolicyBook;
import io.holdfast.coordinator.proof.SnapshotHealth;
import io.holdfast.coordinator.schedule.plan.Caps;
import io.holdfast.coordinator.watch.Watch;
import io.holdfast.proto.wire.v1.Authority;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.ConflictMode;
import io.holdfast.proto.wire.v1.RestoreOrder;
import io.holdfast.proto.wire.v1.SeenStanding;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What one coordinator does about policies, jobs and alarms while it leads: the product's parts, as
 * the node wires them, with waits of seconds in place of minutes.
 */
final class SimDispatch {
  static final Duration ORDER_VALIDITY = Duration.ofSeconds(10);

  private static final JobLimits LIMITS =
      new JobLimits(
          Duration.ofSeconds(2),
          Duration.ofSeconds(6),
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofSeconds(15),
          ORDER_VALIDITY,
          Duration.ofDays(7),
          16,
          16,
          2_000);
  private static final Duration HOST_AWAY = Duration.ofHours(12);
  private static final String ACTOR = "operator";

  /** Something done again and again. */
  interface Round {
    void make() throws InterruptedException;
  }

  final PolicyBook policies;
  final Jobs jobs;
  private final FleetPorts fleet;
  private final HostDirectory hosts;
  private final Orders orders;
  final ScheduleRounds rounds;
  private final Notifier notifier;
  private final Watch watch;

  SimDispatch(
      FleetPorts fleet,
      SnapshotHealth health,
      Function<Authority, SeenStanding> seen,
      Caps caps,
      MemoryFile memory,
      Consumer<Notice> told,
      Seams seams) {
    this.fleet = fleet;
    this.hosts = new HostDirectory(fleet);
    this.policies = new PolicyBook(fleet, hosts);
    this.jobs = new Jobs(fleet, seen, LIMITS, JobLogSink.NONE);
    seams.takeUp(jobs);
    this.orders = new Orders(fleet, jobs, LIMITS);
    this.rounds = new ScheduleRounds(fleet, hosts, policies, jobs, orders, caps);
    this.notifier = ListeningNotifier.open(memory, fleet.time(), fleet.randomness(), told);
    AbsencePorts absence =
        new AbsencePorts(
            fleet.views(),
            hosts,
            policies,
            health,
            fleet.mutations(),
            jobs::isConnected,
            HOST_AWAY,
            Optional.empty(),
            new RestoreSpeeds());
    this.watch = new Watch(absence, List.of(), new Incidents(), notifier, fleet.time());
  }

  /** A round of schedules. */
  void round() throws InterruptedException {
    rounds.round();
  }

  /** A look at what is overdue, and what is to be told is told. */
  void look() throws InterruptedException {
    watch.round();
    notifier.deliver(ListeningNotifier.CHANNEL);
  }

  /** Applies the text of a policy. */
  void apply(String text) throws InterruptedException {
    policies.apply("policy", text, true, ACTOR);
  }

  /** An operator's own backup. */
  void backup(HostId host) throws InterruptedException {
    BackupOrder order =
        BackupOrder.newBuilder().addSources(ByteString.copyFrom(SimTree.ROOT)).build();
    orders.startBackup(hosts.get(host), order, ACTOR).close();
  }

  /** An operator's restore; what is in {@code target} already is completed. */
  void restore(HostId host, SnapshotId snapshot, Path target) throws InterruptedException {
    StoredSnapshot stored;
    try (CatalogView view = fleet.views().get()) {
      stored =
          view.snapshots()
              .find(snapshot)
              .orElseThrow(
                  () -> new HoldfastException(ErrorCode.SNAPSHOT_NOT_FOUND, "no " + snapshot));
    }
    RestoreOrder order =
        RestoreOrder.newBuilder()
            .setTarget(ByteString.copyFromUtf8(target.toString()))
            .setConflict(ConflictMode.CONFLICT_MODE_OVERWRITE_IF_DIFFERENT)
            .build();
    orders.startRestore(hosts.get(host), stored, order, ACTOR).close();
  }
}
