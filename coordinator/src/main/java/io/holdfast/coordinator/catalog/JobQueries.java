package io.holdfast.coordinator.catalog;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.JobId;
import io.holdfast.common.id.RunId;
import io.holdfast.common.id.SeriesId;
import io.holdfast.coordinator.catalog.store.Cursor;
import io.holdfast.coordinator.catalog.store.Reads;
import io.holdfast.proto.stored.v1.JobEnd;
import io.holdfast.proto.stored.v1.JobKind;
import io.holdfast.proto.stored.v1.JobOrdered;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** The jobs that were ordered here, the newest million. Limits are at least 1. */
public final class JobQueries {
  private static final int ID_BYTES = 16;

  private final Reads reads;

  JobQueries(Reads reads) {
    this.reads = reads;
  }

  public Optional<RecordedJob> find(JobId id) {
    return reads.get(Families.JOBS, id.toByteArray()).map(row -> job(id, Recorded.of(row)));
  }

  /** The newest jobs, newest first, at most {@code limit}. */
  public List<RecordedJob> newest(int limit) {
    return newest(Keys.jobOrder(), limit);
  }

  /** As {@link #newest(int)}, of {@code host}. */
  public List<RecordedJob> newest(HostId host, int limit) {
    return newest(Keys.jobOrder(host), limit);
  }

  private List<RecordedJob> newest(byte[] whose, int limit) {
    List<RecordedJob> found = new ArrayList<>();
    try (Cursor cursor = reads.cursor(Families.JOB_ORDER)) {
      boolean more = cursor.seek(whose);
      for (; more && found.size() < limit; more = cursor.next()) {
        found.add(get(cursor.key()));
      }
    }
    return found;
  }

  /**
   * Hands those of {@code kind} among the newest {@code lookedAt} jobs that were ordered at {@code
   * fromMillis} or later to {@code visitor}, newest first.
   */
  public void forEachNewest(
      JobKind kind, long fromMillis, int lookedAt, Consumer<RecordedJob> visitor) {
    byte[] all = Keys.jobOrder();
    try (Cursor cursor = reads.cursor(Families.JOB_ORDER)) {
      boolean more = cursor.seek(all);
      for (int seen = 0; more && seen < lookedAt; seen++, more = cursor.next()) {
        if (Keys.orderedMillis(all, cursor.key()) < fromMillis) {
          return;
        }
        JobId id = idOf(cursor.key());
        Recorded row =
            reads
                .get(Families.JOBS, id.toByteArray())
                .map(Recorded::of)
                .orElseThrow(() -> rowless(id));
        if (row.change().getJobOrdered().getKind() == kind) {
          visitor.accept(job(id, row));
        }
      }
    }
  }

  private RecordedJob get(byte[] orderKey) {
    JobId id = idOf(orderKey);
    return find(id).orElseThrow(() -> rowless(id));
  }

  private static JobId idOf(byte[] orderKey) {
    return JobId.of(Arrays.copyOfRange(orderKey, orderKey.length - ID_BYTES, orderKey.length));
  }

  private static HoldfastException rowless(JobId id) {
    return new HoldfastException(
        ErrorCode.CATALOG_DAMAGED,
        "the catalog lists job " + id + " but has no row of it; rebuild it");
  }

  /**
   * Jobs whose id begins with {@code hexDigits}, in the order of ids, at most {@code limit}.
   * INVALID_ARGUMENT if they aren't lower-case hexadecimal digits.
   */
  public List<RecordedJob> withPrefix(String hexDigits, int limit) {
    IdPrefix prefix = IdPrefix.of(hexDigits, "job", ID_BYTES);
    List<RecordedJob> found = new ArrayList<>();
    try (Cursor cursor = reads.cursor(Families.JOBS)) {
      boolean more = cursor.seek(prefix.key());
      for (; more && found.size() < limit; more = cursor.next()) {
        JobId id = JobId.of(cursor.key());
        if (prefix.fits(id)) {
          found.add(job(id, Recorded.of(cursor.value())));
        }
      }
    }
    return found;
  }

  /** Hands every open job to {@code visitor}, in the order of ids. */
  public void forEachOpen(Consumer<RecordedJob> visitor) {
    try (Cursor cursor = reads.cursor(Families.OPEN_JOBS)) {
      for (boolean more = cursor.seek(new byte[0]); more; more = cursor.next()) {
        find(JobId.of(cursor.key())).ifPresent(visitor);
      }
    }
  }

  /** When the newest restore that ended complete did so, milliseconds since 1970. */
  public OptionalLong lastRestoreMillis() {
    return reads
        .get(Families.META, Keys.LAST_RESTORE)
        .map(row -> OptionalLong.of(ByteBuffer.wrap(row).getLong()))
        .orElse(OptionalLong.empty());
  }

  /** The job of {@code run} if that is the run of a schedule: its last attempt. */
  public Optional<RecordedJob> ofScheduledRun(HostId host, RunId run) {
    return reads.get(Families.JOB_RUNS, Keys.run(host, run)).flatMap(job -> find(JobId.of(job)));
  }

  /** The last attempt of the last run of a series, if it ever ran. */
  public Optional<LastAttempt> last(SeriesId series) {
    return reads.get(Families.SERIES, series.toByteArray()).map(row -> attempt(Recorded.of(row)));
  }

  /** Its job may be so old that the catalog keeps only the order, here. */
  private LastAttempt attempt(Recorded row) {
    JobOrdered ordered = row.change().getJobOrdered();
    byte[] job = ordered.getJob().toByteArray();
    Optional<RecordedJob.End> end =
        reads.get(Families.JOB_ENDS, job).map(found -> end(Recorded.of(found)));
    LastAttempt.State state = state(ordered, end);
    long timeMillis = end.map(RecordedJob.End::timeMillis).orElse(row.timeMillis());
    return new LastAttempt(JobId.of(job), ordered.getScheduled(), state, timeMillis);
  }

  private LastAttempt.State state(JobOrdered ordered, Optional<RecordedJob.End> end) {
    if (reads.get(Families.OPEN_JOBS, ordered.getJob().toByteArray()).isPresent()) {
      return LastAttempt.State.OPEN;
    }
    byte[] run = Keys.run(Fields.host(ordered.getHost()), Fields.run(ordered.getRun()));
    if (reads.get(Families.RUNS, run).isPresent()) {
      return LastAttempt.State.ENDED;
    }
    return end.map(RecordedJob.End::ended)
        .filter(ended -> ended.getEnd() == JobEnd.JOB_END_FAILED && !ended.getCancelled())
        .map(ended -> ended.getAssumed() ? LastAttempt.State.VANISHED : LastAttempt.State.FAILED)
        .orElse(LastAttempt.State.ENDED);
  }

  private RecordedJob job(JobId id, Recorded row) {
    JobOrdered ordered = row.change().getJobOrdered();
    HostId host = Fields.host(ordered.getHost());
    return new RecordedJob(
        id,
        host,
        row.seq(),
        row.timeMillis(),
        ordered,
        row.mutation(),
        reads.get(Families.JOB_ENDS, id.toByteArray()).map(end -> end(Recorded.of(end))),
        snapshot(id, host, ordered));
  }

  /** What a run committed counts for its last attempt. */
  private Optional<StoredSnapshot> snapshot(JobId id, HostId host, JobOrdered ordered) {
    SnapshotQueries snapshots = new SnapshotQueries(reads);
    if (ordered.getRun().isEmpty()) {
      return snapshots.ofRun(host, RunId.of(id.toByteArray()));
    }
    RunId run = Fields.run(ordered.getRun());
    return reads
        .get(Families.JOB_RUNS, Keys.run(host, run))
        .filter(last -> Arrays.equals(last, id.toByteArray()))
        .flatMap(last -> snapshots.ofRun(host, run));
  }

  private static RecordedJob.End end(Recorded row) {
    return new RecordedJob.End(row.timeMillis(), row.change().getJobEnded(), row.mutation());
  }
}
