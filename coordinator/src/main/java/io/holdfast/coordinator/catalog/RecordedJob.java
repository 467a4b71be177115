package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.HostId;
import io.holdfast.common.id.JobId;
import io.holdfast.proto.stored.v1.JobEnded;
import io.holdfast.proto.stored.v1.JobOrdered;
import io.holdfast.proto.stored.v1.Mutation;
import java.util.Optional;

/**
 * A job as the journal has it.
 *
 * @param seq slot of the record of its order
 * @param timeMillis of that record, by the coordinator's clock
 * @param mutation the order's clear and sealed part as in the journal
 * @param end where the journal says it in so many words
 * @param snapshot what it committed, which outweighs any {@code end}
 */
public record RecordedJob(
    JobId id,
    HostId host,
    long seq,
    long timeMillis,
    JobOrdered ordered,
    Mutation mutation,
    Optional<End> end,
    Optional<StoredSnapshot> snapshot) {
  /** What {@link JobEnded} says, and when. */
  public record End(long timeMillis, JobEnded ended, Mutation mutation) {}

  public boolean isOpen() {
    return end.isEmpty() && snapshot.isEmpty();
  }
}
