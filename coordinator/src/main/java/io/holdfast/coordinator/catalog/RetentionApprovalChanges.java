package io.holdfast.coordinator.catalog;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.HostId;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.RetentionApproved;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Effects of approvals. How many may go is used up by the record that names it; how many
 * unscheduled ones are ordinary holds as long as the approval is good. What no longer is goes with
 * the next one of its host.
 */
final class RetentionApprovalChanges {
  private RetentionApprovalChanges() {}

  /**
   * An approval as a row: seq (8) of the record that used it, 0 while none did, {@link Recorded}.
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Row(long usedSeq, byte[] recorded) {
    static Row of(byte[] row) {
      return new Row(
          ByteBuffer.wrap(row).getLong(), Arrays.copyOfRange(row, Long.BYTES, row.length));
    }

    byte[] toRow() {
      return Keys.join(Keys.seq(usedSeq), recorded);
    }

    RetentionApproved approved() {
      return Recorded.of(recorded).change().getRetentionApproved();
    }
  }

  static void approve(RetentionApproved change, Mutation mutation, Effects effects) {
    HostId host = Fields.host(change.getHost());
    byte[] key = Keys.retentionApproval(host, Fields.bytes16(change.getApproval(), "approval id"));
    if (effects.has(Families.RETENTION_APPROVALS, key)) {
      effects.ignore();
      return;
    }
    takeOldAway(host, effects);
    effects.put(Families.RETENTION_APPROVALS, key, new Row(0, effects.recorded(mutation)).toRow());
  }

  private static void takeOldAway(HostId host, Effects effects) {
    for (byte[] key : effects.keys(Families.RETENTION_APPROVALS, host.toByteArray())) {
      boolean isOver =
          effects
              .get(Families.RETENTION_APPROVALS, key)
              .filter(row -> Row.of(row).approved().getValidUntilMillis() < effects.timeMillis())
              .isPresent();
      if (isOver) {
        effects.delete(Families.RETENTION_APPROVALS, key);
      }
    }
  }

  /**
   * Whether a fall of {@code going} snapshots may be: there is none, or the approval that is named
   * is for so many, good at this time, and not used by an earlier record. What is named has to be
   * good, and is used then.
   */
  static boolean lets(long going, HostId host, ByteString approval, Effects effects) {
    if (approval.isEmpty()) {
      return going == 0;
    }
    byte[] key = Keys.retentionApproval(host, Fields.bytes16(approval, "approval id"));
    Optional<Row> row = effects.get(Families.RETENTION_APPROVALS, key).map(Row::of);
    if (row.isEmpty() || !isGood(row.get(), going, effects)) {
      return false;
    }
    effects.put(
        Families.RETENTION_APPROVALS, key, new Row(effects.seq(), row.get().recorded()).toRow());
    return true;
  }

  private static boolean isGood(Row row, long going, Effects effects) {
    boolean isUnused = row.usedSeq() == 0 || row.usedSeq() == effects.seq();
    return isUnused
        && Long.compareUnsigned(row.approved().getExpiring(), going) >= 0
        && row.approved().getValidUntilMillis() >= effects.timeMillis();
  }
}
