package io.holdfast.coordinator.job;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.GrantId;
import io.holdfast.common.id.JobId;
import io.holdfast.common.key.RestoreKeys;
import io.holdfast.common.snapshot.SourceNames;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.fleet.Audits;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Details;
import io.holdfast.proto.stored.v1.GrantDetails;
import io.holdfast.proto.stored.v1.GrantIssued;
import io.holdfast.proto.stored.v1.JobDetails;
import io.holdfast.proto.stored.v1.JobKind;
import io.holdfast.proto.stored.v1.JobOrdered;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.Order;
import io.holdfast.proto.wire.v1.RestoreOrder;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes orders and sends them. An order is in the journal before it is sent, and its authority
 * carries that record's seq or a later one. Any thread.
 */
public final class Orders {
  /** Who asks for what no person does. */
  public static final String SCHEDULE = "schedule";

  private static final Logger LOG = LoggerFactory.getLogger(Orders.class);
  private static final int PATHS_MAX = 10_000;

  private final FleetPorts ports;
  private final Jobs jobs;
  private final JobLimits limits;
  private final Audits audits;
  private final JobRecords records;

  public Orders(FleetPorts ports, Jobs jobs, JobLimits limits) {
    this.ports = ports;
    this.jobs = jobs;
    this.limits = limits;
    this.audits = new Audits(ports.mutations());
    this.records = new JobRecords(ports);
  }

  /**
   * Orders a backup of {@code host}, for {@code actor}. INVALID_ARGUMENT for an order without a
   * source that can be read, HOST_REVOKED, HOST_NOT_CONNECTED or BUSY, and errors of the journal.
   */
  public JobWatch startBackup(NamedHost host, BackupOrder order, String actor)
      throws InterruptedException {
    refuseRevoked(host);
    OrderedSources.check(order);
    jobs.requireRoom(host.id(), host.toString());
    BackupOrder plain = plain(order);
    JobId job = newJob();
    JobOrdered ordered = ordered(job, host).setKind(JobKind.JOB_KIND_BACKUP).build();
    JobDetails details =
        JobDetails.newBuilder()
            .setActor(actor)
            .addAllSources(SourceNames.of(plain).stream().map(ByteString::copyFrom).toList())
            .build();
    ports.append(records.ordered(ordered, details));
    return send(host, ordered, draft(job).setBackup(plain).build());
  }

  private JobWatch send(NamedHost host, JobOrdered ordered, Order order) {
    try {
      return jobs.send(host, ordered, order);
    } catch (HoldfastException e) {
      jobs.neverSent(JobId.of(ordered.getJob().toByteArray()), host.id(), e);
      throw e;
    }
  }

  /**
   * Orders what schedules ask for: all of it in one record, then host by host. An attempt whose
   * host can't be told any more has failed, by record; the others go on. Errors of the journal.
   */
  public void startScheduled(List<ScheduledBackup> attempts) throws InterruptedException {
    Mutation[] mutations =
        attempts.stream()
            .map(each -> records.ordered(ordered(each), details(each)))
            .toArray(Mutation[]::new);
    if (mutations.length > 0) {
      ports.append(mutations);
    }
    for (ScheduledBackup each : attempts) {
      Order order = draft(each.job()).setBackup(each.order()).build();
      try {
        send(each.host(), ordered(each), order).close();
      } catch (HoldfastException e) {
        LOG.warn("job {} was ordered and not sent: {}", each.job(), e.getMessage());
      }
    }
  }

  private static JobOrdered ordered(ScheduledBackup attempt) {
    return ordered(attempt.job(), attempt.host())
        .setKind(JobKind.JOB_KIND_BACKUP)
        .setScheduled(attempt.run())
        .setRun(attempt.order().getRun())
        .setSourceSet(ByteString.copyFrom(attempt.sourceSet().toByteArray()))
        .build();
  }

  private static JobDetails details(ScheduledBackup attempt) {
    return JobDetails.newBuilder()
        .setActor(SCHEDULE)
        .addAllSources(attempt.shownSources())
        .setPolicy(attempt.policy())
        .setDataClass(attempt.dataClass())
        .build();
  }

  private JobId newJob() {
    return JobId.of(ports.randomness().bytes(16));
  }

  private static JobOrdered.Builder ordered(JobId job, NamedHost host) {
    return JobOrdered.newBuilder()
        .setJob(ByteString.copyFrom(job.toByteArray()))
        .setHost(ByteString.copyFrom(host.id().toByteArray()));
  }

  /** Each source once and without slashes at its end: one source set, however it was typed. */
  static BackupOrder plain(BackupOrder order) {
    Set<ByteString> sources = new LinkedHashSet<>();
    order.getSourcesList().forEach(source -> sources.add(withoutSlashesAtEnd(source)));
    return order.toBuilder().clearSources().addAllSources(sources).build();
  }

  private static ByteString withoutSlashesAtEnd(ByteString path) {
    int end = path.size();
    while (end > 1 && path.byteAt(end - 1) == '/') {
      end--;
    }
    return path.substring(0, end);
  }

  /**
   * Orders a restore of {@code snapshot} on {@code host}, for {@code actor}; whose snapshot it is
   * decides whether a grant is journalled. The snapshot and grant in {@code order} are filled in
   * here. Errors as for a backup, and those of the journal.
   */
  public JobWatch startRestore(
      NamedHost host, StoredSnapshot snapshot, RestoreOrder order, String actor)
      throws InterruptedException {
    refuseRevoked(host);
    if (!order.getTarget().isEmpty()) {
      requirePaths("target", List.of(order.getTarget()));
    }
    if (!order.getDevice().isEmpty()) {
      requireDevice(order);
    }
    if (order.getPathsCount() > PATHS_MAX) {
      throw invalid("a restore names at most " + PATHS_MAX + " paths; restore their directory");
    }
    jobs.requireRoom(host.id(), host.toString());
    RestoreOrder.Builder complete =
        order.toBuilder()
            .setSnapshot(ByteString.copyFrom(snapshot.id().toByteArray()))
            .clearGrant();
    requireSealedKeys(host, snapshot, order);
    JobId job = newJob();
    JobOrdered restore =
        ordered(job, host)
            .setKind(JobKind.JOB_KIND_RESTORE)
            .setSnapshot(complete.getSnapshot())
            .build();
    Mutation ordered =
        records.ordered(
            restore, JobDetails.newBuilder().setActor(actor).setTarget(target(order)).build());
    Mutation audit = audit(host, snapshot, order, actor);
    if (snapshot.host().equals(host.id())) {
      ports.append(ordered, audit);
    } else {
      GrantId grant = GrantId.of(ports.randomness().bytes(16));
      ports.append(ordered, grant(grant, host, snapshot, new Reason(actor, target(order))), audit);
      complete.setGrant(ByteString.copyFrom(grant.toByteArray()));
    }
    return send(host, restore, draft(job).setRestore(complete).build());
  }

  /** In a private repository nobody here could make them. */
  private void requireSealedKeys(NamedHost host, StoredSnapshot snapshot, RestoreOrder order) {
    boolean isPrivate;
    try (CatalogView view = ports.views().get()) {
      isPrivate = view.repository().isPrivate();
    }
    boolean needed = isPrivate && !snapshot.host().equals(host.id());
    if (needed && order.getSealedKeys().isEmpty()) {
      throw new HoldfastException(
          ErrorCode.KEY_UNAVAILABLE,
          "this repository is private, and nobody here can open snapshots of host "
              + snapshot.host()
              + " for "
              + host
              + ": order the restore by `holdfast restore` with the recovery passphrase"
              + " (--passphrase-file)");
    }
    if (!needed && !order.getSealedKeys().isEmpty()) {
      throw invalid("it carries sealed keys, and this restore needs none");
    }
    if (order.getSealedKeys().size() > RestoreKeys.BYTES_MAX) {
      throw invalid("its sealed keys are longer than any are");
    }
  }

  private static ByteString target(RestoreOrder order) {
    return order.getDevice().isEmpty() ? order.getTarget() : order.getDevice();
  }

  /** Everything but what to do; the authority is as of now, after the order's own record. */
  private Order.Builder draft(JobId id) {
    return Order.newBuilder()
        .setJob(ByteString.copyFrom(id.toByteArray()))
        .setAuthority(ports.authority().get())
        .setValidMillis(limits.orderValidity().toMillis());
  }

  private record Reason(String actor, ByteString target) {}

  private Mutation grant(GrantId id, NamedHost reader, StoredSnapshot snapshot, Reason reason) {
    GrantIssued issued =
        GrantIssued.newBuilder()
            .setGrant(ByteString.copyFrom(id.toByteArray()))
            .setReader(ByteString.copyFrom(reader.id().toByteArray()))
            .setSnapshot(ByteString.copyFrom(snapshot.id().toByteArray()))
            .setExpiresMillis(ports.time().now().plus(limits.grantLife()).toEpochMilli())
            .build();
    GrantDetails details =
        GrantDetails.newBuilder()
            .setActor(reason.actor())
            .setTargetDirectory(reason.target())
            .build();
    return ports
        .mutations()
        .seal(
            Change.newBuilder().setGrantIssued(issued).build(),
            Details.newBuilder().setGrant(details).build());
  }

  private Mutation audit(
      NamedHost host, StoredSnapshot snapshot, RestoreOrder order, String actor) {
    String directory = order.getTarget().isEmpty() ? "in place" : order.getTarget().toStringUtf8();
    String target =
        order.getDevice().isEmpty() ? directory : "onto " + order.getDevice().toStringUtf8();
    return audits.of(
        actor,
        "restore",
        Optional.of(host.id()),
        "snapshot "
            + snapshot.id()
            + " of host "
            + snapshot.host()
            + " to host "
            + host.id()
            + ", "
            + target
            + (order.getDryRun() ? ", dry run" : ""));
  }

  private static void refuseRevoked(NamedHost host) {
    if (host.isRevoked()) {
      throw new HoldfastException(
          ErrorCode.HOST_REVOKED,
          "host "
              + host
              + " was revoked or moved away and takes no orders (holdfast host ls); enrol it anew"
              + " first");
    }
  }

  private static void requireDevice(RestoreOrder order) {
    requirePaths("device", List.of(order.getDevice()));
    if (!order.getTarget().isEmpty() || order.getPathsCount() != 1) {
      throw invalid("onto a device goes one file of a snapshot, and nowhere else");
    }
  }

  static void requirePaths(String what, List<ByteString> paths) {
    if (paths.size() > PATHS_MAX) {
      throw invalid("there are more than " + PATHS_MAX + " of kind " + what);
    }
    for (ByteString path : paths) {
      boolean isAbsolute = !path.isEmpty() && path.byteAt(0) == '/';
      if (!isAbsolute || path.toStringUtf8().indexOf('\0') >= 0) {
        throw invalid(
            what + " \"" + path.toStringUtf8() + "\" is not an absolute path; begin it with /");
      }
    }
  }

  static HoldfastException invalid(String cause) {
    return new HoldfastException(ErrorCode.INVALID_ARGUMENT, "the order is refused: " + cause);
  }
}
