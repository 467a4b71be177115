package io.holdfast.coordinator.catalog;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.JobId;
import io.holdfast.common.id.RunId;
import io.holdfast.coordinator.catalog.store.Cursor;
import io.holdfast.coordinator.catalog.store.Reads;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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

  private RecordedJob get(byte[] orderKey) {
    JobId id = JobId.of(Arrays.copyOfRange(orderKey, orderKey.length - ID_BYTES, orderKey.length));
    return find(id)
        .orElseThrow(() ->
            new HoldfastException(
                ErrorCode.CATALOG_DAMAGED,
                "the catalog lists job " + id + " but has no row of it; rebuild it"));
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

  private RecordedJob job(JobId id, Recorded row) {
    HostId host = Fields.host(row.change().getJobOrdered().getHost());
    return new RecordedJob(
        id,
        host,
        row.seq(),
        row.timeMillis(),
        row.change().getJobOrdered(),
        row.mutation(),
        reads.get(Families.JOB_ENDS, id.toByteArray()).map(end -> end(Recorded.of(end))),
        new SnapshotQueries(reads).ofRun(host, RunId.of(id.toByteArray())));
  }

  private static RecordedJob.End end(Recorded row) {
    return new RecordedJob.End(row.timeMillis(), row.change().getJobEnded(), row.mutation());
  }
}
