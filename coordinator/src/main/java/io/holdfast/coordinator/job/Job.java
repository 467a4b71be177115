package io.holdfast.coordinator.job;

import io.holdfast.common.id.HostId;
import io.holdfast.common.id.JobId;
import io.holdfast.common.id.SeriesId;
import io.holdfast.proto.stored.v1.JobKind;
import io.holdfast.proto.stored.v1.JobOrdered;
import io.holdfast.proto.wire.v1.JobProgress;
import io.holdfast.proto.wire.v1.JobResult;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One job as watchers see it: the latest progress, and at last the result. Any thread. The fields
 * that only {@link Jobs} uses are guarded by its lock.
 */
final class Job {
  private final JobId id;
  private final HostId host;
  private final JobKind kind;
  private final Optional<SeriesId> series;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long version;
  private Optional<JobProgress> progress = Optional.empty();
  private Optional<JobResult> result = Optional.empty();

  /** Guarded by Jobs: since when its host has no session. */
  private Optional<Long> lostSinceNanos = Optional.empty();

  /** Guarded by Jobs: to be cancelled as soon as its host is there. */
  private boolean cancelWanted;

  /** Guarded by Jobs: the limit that its host was told last. */
  private long rateLimit;

  /**
   * @param kind what it was ordered as; UNSPECIFIED if that isn't known here
   * @param series what it is a run of, if a schedule asked for it
   */
  private Job(JobId id, HostId host, JobKind kind, Optional<SeriesId> series) {
    this.id = id;
    this.host = host;
    this.kind = kind;
    this.series = series;
  }

  /** What a coordinator has ordered, now or before it was restarted. */
  static Job of(JobId id, HostId host, JobOrdered ordered) {
    Optional<SeriesId> series =
        ordered.hasScheduled()
            ? Optional.of(SeriesId.of(ordered.getScheduled().getSeries().toByteArray()))
            : Optional.empty();
    return new Job(id, host, ordered.getKind(), series);
  }

  /** What is known of a job that no order here belongs to. */
  static Job unknown(JobId id, HostId host) {
    return new Job(id, host, JobKind.JOB_KIND_UNSPECIFIED, Optional.empty());
  }

  /** What changed after {@code version}; the result once there is one. */
  record Seen(long version, Optional<JobProgress> progress, Optional<JobResult> result) {}

  JobId id() {
    return id;
  }

  HostId host() {
    return host;
  }

  boolean isBackup() {
    return kind == JobKind.JOB_KIND_BACKUP;
  }

  boolean isRestore() {
    return kind == JobKind.JOB_KIND_RESTORE;
  }

  Optional<SeriesId> series() {
    return series;
  }

  long rateLimit() {
    return rateLimit;
  }

  void limited(long rate) {
    rateLimit = rate;
  }

  Optional<Long> lostSinceNanos() {
    return lostSinceNanos;
  }

  void lost(long nowNanos) {
    lostSinceNanos = Optional.of(nowNanos);
  }

  void found() {
    lostSinceNanos = Optional.empty();
  }

  boolean isCancelWanted() {
    return cancelWanted;
  }

  void wantCancel() {
    cancelWanted = true;
  }

  void progress(JobProgress latest) {
    lock.lock();
    try {
      progress = Optional.of(latest);
      changed();
    } finally {
      lock.unlock();
    }
  }

  /** The first result is the one that counts. */
  void finish(JobResult last) {
    lock.lock();
    try {
      if (result.isEmpty()) {
        result = Optional.of(last);
        changed();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Wakes all who wait, because one of them is to stop. */
  void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  Optional<JobProgress> latest() {
    lock.lock();
    try {
      return progress;
    } finally {
      lock.unlock();
    }
  }

  Optional<JobResult> result() {
    lock.lock();
    try {
      return result;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for something newer than {@code version}; empty when {@code watch} was closed. */
  Optional<Seen> await(long after, JobWatch watch) throws InterruptedException {
    lock.lock();
    try {
      while (version <= after && !watch.isClosed()) {
        changed.await();
      }
      return watch.isClosed() ? Optional.empty() : Optional.of(new Seen(version, progress, result));
    } finally {
      lock.unlock();
    }
  }

  private void changed() {
    version++;
    changed.signalAll();
  }
}
