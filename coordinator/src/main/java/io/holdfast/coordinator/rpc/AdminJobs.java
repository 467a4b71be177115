package io.holdfast.coordinator.rpc;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.JobId;
import io.holdfast.coordinator.browse.RestorePlans;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.fleet.HostDirectory;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.coordinator.job.JobBook;
import io.holdfast.coordinator.job.JobLogs;
import io.holdfast.coordinator.job.JobWatch;
import io.holdfast.coordinator.job.Jobs;
import io.holdfast.coordinator.job.Orders;
import io.holdfast.proto.wire.v1.CancelJobAnswer;
import io.holdfast.proto.wire.v1.CancelJobRequest;
import io.holdfast.proto.wire.v1.Job;
import io.holdfast.proto.wire.v1.JobEvent;
import io.holdfast.proto.wire.v1.JobLogLine;
import io.holdfast.proto.wire.v1.JobName;
import io.holdfast.proto.wire.v1.ListJobsRequest;
import io.holdfast.proto.wire.v1.ReadJobLogRequest;
import io.holdfast.proto.wire.v1.RestorePlan;
import io.holdfast.proto.wire.v1.SetDrainingAnswer;
import io.holdfast.proto.wire.v1.SetDrainingRequest;
import io.holdfast.proto.wire.v1.StartBackupRequest;
import io.holdfast.proto.wire.v1.StartRestoreRequest;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The Admin calls about jobs, without gRPC around them. Any thread; calls block. Who started a job
 * sends on what its watch gives until that is empty, and closes the watch when its own caller goes
 * away; the job goes on.
 */
public final class AdminJobs {
  /** Finds the snapshot that an operator means. */
  @FunctionalInterface
  public interface SnapshotNames {
    /**
     * The snapshot called {@code name}: an id or its beginning, {@code latest}, {@code
     * latest:HOST}, or {@code HOST@TIME}; {@code latest} is that of {@code host}.
     * SNAPSHOT_NOT_FOUND or SNAPSHOT_AMBIGUOUS.
     */
    StoredSnapshot find(String name, NamedHost host);
  }

  private final HostDirectory hosts;
  private final SnapshotNames snapshots;
  private final Orders orders;
  private final Jobs jobs;
  private final JobBook book;
  private final RestorePlans plans;
  private final JobLogs logs;

  public AdminJobs(
      HostDirectory hosts,
      SnapshotNames snapshots,
      Orders orders,
      Jobs jobs,
      JobBook book,
      RestorePlans plans,
      JobLogs logs) {
    this.plans = plans;
    this.logs = logs;
    this.hosts = hosts;
    this.snapshots = snapshots;
    this.orders = orders;
    this.jobs = jobs;
    this.book = book;
  }

  /** Hands the newest jobs to {@code out}, newest first. Errors of {@link HostDirectory#find}. */
  public void listJobs(ListJobsRequest request, Consumer<Job> out) {
    book.list(request, out);
  }

  /** Errors of {@link JobBook#show}. */
  public Job showJob(JobName request) {
    return book.show(request.getJob());
  }

  /** Hands the lines of the job's log to {@code out}. Errors of {@link JobBook#resolve}. */
  public void readJobLog(ReadJobLogRequest request, Consumer<JobLogLine> out) {
    logs.read(book.resolve(request.getJob()), request.getSkip(), out);
  }

  /** Hands the job's events to {@code out} until its end. Errors of {@link JobBook#resolve}. */
  public void watchJob(JobName request, Consumer<JobEvent> out) throws InterruptedException {
    JobId id = book.resolve(request.getJob());
    Optional<JobWatch> watch = book.watch(id);
    if (watch.isPresent()) {
      follow(watch.get(), out);
    } else {
      out.accept(book.lastEvent(id));
    }
  }

  /** Events until the job's last; the job goes on if the watcher leaves. */
  static void follow(JobWatch watch, Consumer<JobEvent> out) throws InterruptedException {
    try (watch) {
      for (Optional<JobEvent> next = watch.next(); next.isPresent(); next = watch.next()) {
        out.accept(next.get());
      }
    }
  }

  /** Errors of {@link HostDirectory#find} and {@link Orders#startBackup}. */
  public JobWatch startBackup(StartBackupRequest request, String actor)
      throws InterruptedException {
    return orders.startBackup(hosts.find(request.getHost()), request.getOrder(), actor);
  }

  /**
   * Errors of {@link HostDirectory#find}, {@link SnapshotNames} and {@link Orders#startRestore}.
   */
  public JobWatch startRestore(StartRestoreRequest request, String actor)
      throws InterruptedException {
    NamedHost host = hosts.find(request.getHost());
    StoredSnapshot snapshot = snapshot(request.getSnapshot(), host);
    return orders.startRestore(host, snapshot, request.getOrder(), actor);
  }

  /**
   * What {@link #startRestore} would do. Errors of {@link HostDirectory#find}, {@link
   * SnapshotNames} and {@link RestorePlans#plan}.
   */
  public RestorePlan planRestore(StartRestoreRequest request) throws InterruptedException {
    NamedHost host = hosts.find(request.getHost());
    StoredSnapshot snapshot = snapshots.find(request.getSnapshot(), host);
    return plans.plan(snapshot, host.id(), request.getOrder()).toBuilder()
        .setSnapshotHost(hosts.get(snapshot.host()).name())
        .setConnected(jobs.isConnected(host.id()))
        .build();
  }

  /** Begins or ends draining, and says what still runs. */
  public SetDrainingAnswer setDraining(SetDrainingRequest request) {
    return SetDrainingAnswer.newBuilder().setJobsRunning(jobs.drain(request.getDraining())).build();
  }

  /** The snapshot called {@code name}, by who restores to {@code host}. */
  StoredSnapshot snapshot(String name, NamedHost host) {
    return snapshots.find(name, host);
  }

  /** JOB_NOT_FOUND; a job that ended is left as it is. */
  public CancelJobAnswer cancelJob(CancelJobRequest request) {
    if (request.getJob().size() != 16) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "a job id has 16 bytes, not " + request.getJob().size() + "; copy it whole");
    }
    jobs.cancel(JobId.of(request.getJob().toByteArray()));
    return CancelJobAnswer.getDefaultInstance();
  }
}
