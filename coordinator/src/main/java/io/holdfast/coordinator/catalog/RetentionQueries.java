package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.HostId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.catalog.store.Cursor;
import io.holdfast.coordinator.catalog.store.Reads;
import io.holdfast.proto.stored.v1.RetentionApproved;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Holds and approvals. */
public final class RetentionQueries {
  /** Snapshots that one mutation may delete, drop or hold. */
  public static final int SNAPSHOTS_MAX = DeletionChanges.SNAPSHOTS_MAX;

  /** The shortest time in which a deletion can be undone. */
  public static final Duration LEAST_UNDO = DeletionChanges.LEAST_UNDO;

  /** An approval that an operator gave. */
  public record Approval(RetentionApproved approved, boolean isUsed) {}

  private final Reads reads;

  RetentionQueries(Reads reads) {
    this.reads = reads;
  }

  /** The holds on {@code snapshot}. */
  public List<RecordedHold> holdsOn(SnapshotId snapshot) {
    byte[] holds = reads.get(Families.HELD_SNAPSHOTS, snapshot.toByteArray()).orElse(new byte[0]);
    List<RecordedHold> found = new ArrayList<>();
    for (int at = 0; at < holds.length; at += HoldChanges.ID_BYTES) {
      byte[] hold = Arrays.copyOfRange(holds, at, at + HoldChanges.ID_BYTES);
      reads.get(Families.HOLDS, hold).map(RetentionQueries::hold).ifPresent(found::add);
    }
    return found;
  }

  /** Hands every hold to {@code visitor}, in the order of ids. */
  public void forEachHold(Consumer<RecordedHold> visitor) {
    try (Cursor cursor = reads.cursor(Families.HOLDS)) {
      for (boolean more = cursor.seek(new byte[0]); more; more = cursor.next()) {
        visitor.accept(hold(cursor.value()));
      }
    }
  }

  private static RecordedHold hold(byte[] row) {
    Recorded recorded = Recorded.of(row);
    return new RecordedHold(
        recorded.timeMillis(), recorded.change().getHoldSet(), recorded.mutation());
  }

  /**
   * How many of {@code host}'s snapshots would go at once if so many did, if that is more than half
   * and wants an approval; else 0. Those of an erased host go without.
   *
   * @param scheduled snapshots that a schedule ordered
   * @param others that none did
   */
  public long fall(HostId host, long scheduled, long others) {
    if (reads.get(Families.HOSTS_ERASED, host.toByteArray()).isPresent()) {
      return 0;
    }
    return reads
        .get(Families.HOST_LIVES, host.toByteArray())
        .map(HostLives::of)
        .map(lives -> lives.fall(new HostLives.Count(scheduled, others), 0))
        .orElse(0L);
  }

  /** Seq of the newest change of any policy; 0 if there was none. */
  public long policiesChangedSeq() {
    return reads
        .get(Families.META, Keys.POLICIES_CHANGED)
        .map(row -> ByteBuffer.wrap(row).getLong())
        .orElse(0L);
  }

  /** What was approved for {@code host}; what is over may still be among it. */
  public List<Approval> approvals(HostId host) {
    List<Approval> found = new ArrayList<>();
    try (Cursor cursor = reads.cursor(Families.RETENTION_APPROVALS)) {
      for (boolean more = cursor.seek(host.toByteArray()); more; more = cursor.next()) {
        RetentionApprovalChanges.Row row = RetentionApprovalChanges.Row.of(cursor.value());
        found.add(new Approval(row.approved(), row.usedSeq() != 0));
      }
    }
    return found;
  }
}
