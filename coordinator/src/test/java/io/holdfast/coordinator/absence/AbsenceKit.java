package io.holdfast.coordinator.absence;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.JobId;
import io.holdfast.common.id.RunId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.snapshot.SnapshotFormat;
import io.holdfast.coordinator.fleet.FleetKit;
import io.holdfast.coordinator.job.RestoreSpeeds;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.coordinator.policy.book.PolicyBook;
import io.holdfast.coordinator.policy.book.StoredPolicy;
import io.holdfast.coordinator.proof.SnapshotHealth;
import io.holdfast.coordinator.schedule.plan.RunKey;
import io.holdfast.coordinator.schedule.plan.Series;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Details;
import io.holdfast.proto.stored.v1.JobEnd;
import io.holdfast.proto.stored.v1.JobEndDetails;
import io.holdfast.proto.stored.v1.JobEnded;
import io.holdfast.proto.stored.v1.JobKind;
import io.holdfast.proto.stored.v1.JobOrdered;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.Outcome;
import io.holdfast.proto.stored.v1.Proof;
import io.holdfast.proto.stored.v1.ProofLevel;
import io.holdfast.proto.stored.v1.ScheduledRun;
import io.holdfast.proto.stored.v1.SnapshotCommitted;
import io.holdfast.proto.stored.v1.SnapshotDetails;
import io.holdfast.proto.stored.v1.Totals;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A fleet under policies whose backups are records made by hand. One thread. */
public final class AbsenceKit implements AutoCloseable {
  public static final Duration TOOK = Duration.ofMinutes(10);
  public static final Duration PROOF_WITHIN = Duration.ofHours(12);
  public static final Duration HOST_AWAY = Duration.ofDays(1);

  public final FleetKit fleet;
  public final PolicyBook policies;
  public final SnapshotHealth health = new SnapshotHealth();
  public final Set<HostId> connected = new HashSet<>();

  public AbsenceKit(long seed) {
    fleet = new FleetKit(seed);
    policies = new PolicyBook(fleet.ports, fleet.hosts);
  }

  public AbsencePorts ports() {
    return new AbsencePorts(
        fleet.catalog::view,
        fleet.hosts,
        policies,
        health,
        fleet.ports.mutations(),
        connected::contains,
        HOST_AWAY,
        Optional.of(PROOF_WITHIN),
        new RestoreSpeeds());
  }

  /** A host that is connected. */
  public HostId enrol(String name) throws InterruptedException {
    HostId host = fleet.enrol(name).id();
    connected.add(host);
    return host;
  }

  /** Backs up {@code path} of every host nightly at 02:00, for at most an hour's delay. */
  public static String nightly(String name, String path, String more) {
    return """
    apiVersion: holdfast/v1
    kind: Policy
    metadata: {name: %s}
    spec:
      selector: {}
      source: {files: {include: [%s]}}
      schedule: {cron: "0 2 * * *", catchUp: 1h, retries: {times: 0}}
    %s
    """
        .formatted(name, path, more.isEmpty() ? "" : more.indent(2));
  }

  public void apply(String text) throws InterruptedException {
    policies.apply("p.yaml", text, true, "anna");
  }

  public void pass(Duration duration) {
    fleet.time.advance(duration);
  }

  public Instant now() {
    return fleet.time.now();
  }

  /** A snapshot to be committed. */
  public final class Commit {
    private final HostId host;
    private final String path;
    private long gaps;
    private long size = 700;
    private Optional<ScheduledRun> run = Optional.empty();
    private boolean proven = true;

    private Commit(HostId host, String path) {
      this.host = host;
      this.path = path;
    }

    public Commit gaps(long count) {
      gaps = count;
      return this;
    }

    public Commit size(long bytes) {
      size = bytes;
      return this;
    }

    public Commit unproven() {
      proven = false;
      return this;
    }

    /** By the schedule of the only data class of {@code policy}. */
    public Commit scheduled(String policy, Instant nominal) {
      run = Optional.of(AbsenceKit.this.run(policy, host, nominal, 1));
      return this;
    }

    /** Now; it took {@link #TOOK}. */
    public SnapshotId commit() {
      RunId id = RunId.of(fleet.randomness.bytes(16));
      ChunkId root = ChunkId.of(fleet.randomness.bytes(32));
      SnapshotId snapshot = SnapshotFormat.snapshotId(host, id, root);
      byte[] source = path.getBytes(StandardCharsets.UTF_8);
      SnapshotCommitted.Builder committed =
          SnapshotCommitted.newBuilder()
              .setSnapshot(bytes(snapshot.toByteArray()))
              .setHost(bytes(host.toByteArray()))
              .setRun(bytes(id.toByteArray()))
              .setRoot(bytes(root.toByteArray()))
              .setOutcome(gaps == 0 ? Outcome.OUTCOME_COMPLETE : Outcome.OUTCOME_COMPLETE_WITH_GAPS)
              .setTotals(Totals.newBuilder().setFiles(7).setLogicalBytes(size).setGaps(gaps))
              .setSourceSet(bytes(SnapshotFormat.sourceSet(List.of(source)).toByteArray()));
      run.ifPresent(committed::setScheduled);
      Details details =
          Details.newBuilder()
              .setSnapshot(SnapshotDetails.newBuilder().setDurationMillis(TOOK.toMillis()))
              .build();
      append(
          fleet
              .ports
              .mutations()
              .seal(Change.newBuilder().setSnapshotCommitted(committed).build(), details));
      if (proven) {
        prove(snapshot);
      }
      return snapshot;
    }
  }

  public Commit backup(HostId host, String path) {
    return new Commit(host, path);
  }

  public void prove(SnapshotId snapshot) {
    append(
        MutationSealer.clear(
            Change.newBuilder()
                .setProof(
                    Proof.newBuilder()
                        .setLevel(ProofLevel.PROOF_LEVEL_PROVEN)
                        .addSnapshots(bytes(snapshot.toByteArray())))
                .build()));
  }

  private ScheduledRun run(String policy, HostId host, Instant nominal, int attempt) {
    StoredPolicy stored = policies.get(policy);
    return ScheduledRun.newBuilder()
        .setPolicy(bytes(stored.id().toByteArray()))
        .setSeries(bytes(series(policy, host).id().toByteArray()))
        .setNominalSeconds(nominal.getEpochSecond())
        .setAttempt(attempt)
        .build();
  }

  private Series series(String policy, HostId host) {
    StoredPolicy stored = policies.get(policy);
    return new Series(stored.id(), stored.policy().dataClasses().getFirst().name(), host);
  }

  /** A job of a schedule, ordered now. */
  public JobId order(String policy, HostId host, Instant nominal) {
    RunKey key = new RunKey(series(policy, host), nominal);
    JobOrdered ordered =
        JobOrdered.newBuilder()
            .setJob(bytes(key.job(1).toByteArray()))
            .setHost(bytes(host.toByteArray()))
            .setKind(JobKind.JOB_KIND_BACKUP)
            .setScheduled(run(policy, host, nominal, 1))
            .setRun(bytes(key.run().toByteArray()))
            .build();
    append(MutationSealer.clear(Change.newBuilder().setJobOrdered(ordered).build()));
    return key.job(1);
  }

  /** It fails now. */
  public void fail(JobId job, HostId host, String why) {
    JobEnded ended =
        JobEnded.newBuilder()
            .setJob(bytes(job.toByteArray()))
            .setHost(bytes(host.toByteArray()))
            .setEnd(JobEnd.JOB_END_FAILED)
            .build();
    Details details =
        Details.newBuilder().setJobEnd(JobEndDetails.newBuilder().setMessage(why)).build();
    append(fleet.ports.mutations().seal(Change.newBuilder().setJobEnded(ended).build(), details));
  }

  /** A restore of so many bytes to {@code host}, which has taken so long. */
  public void restore(HostId host, long restoredBytes, Duration took) {
    endRestore(orderRestore(host), host, restoredBytes, took, JobEnd.JOB_END_COMPLETE);
  }

  /** One that has begun. */
  public JobId orderRestore(HostId host) {
    JobId job = JobId.of(fleet.randomness.bytes(16));
    append(
        MutationSealer.clear(
            Change.newBuilder()
                .setJobOrdered(
                    JobOrdered.newBuilder()
                        .setJob(bytes(job.toByteArray()))
                        .setHost(bytes(host.toByteArray()))
                        .setKind(JobKind.JOB_KIND_RESTORE))
                .build()));
    return job;
  }

  /** It ends now. */
  public void endRestore(JobId job, HostId host, long restoredBytes, Duration took, JobEnd end) {
    append(
        MutationSealer.clear(
            Change.newBuilder()
                .setJobEnded(
                    JobEnded.newBuilder()
                        .setJob(bytes(job.toByteArray()))
                        .setHost(bytes(host.toByteArray()))
                        .setEnd(end)
                        .setBytes(restoredBytes)
                        .setDurationMillis(took.toMillis()))
                .build()));
  }

  private void append(Mutation mutation) {
    fleet.journal.append(List.of(mutation)).join();
  }

  private static ByteString bytes(byte[] bytes) {
    return ByteString.copyFrom(bytes);
  }

  @Override
  public void close() {
    fleet.close();
  }
}
