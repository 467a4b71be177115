package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.PolicyId;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Mutation;

/**
 * One version of a policy as the journal has it, or its deletion.
 *
 * @param id of the policy
 * @param seq slot of the record
 * @param timeMillis of that record, by the coordinator's clock
 * @param mutation the clear and the sealed part as in the journal
 */
public record RecordedPolicy(
    PolicyId id, long seq, long timeMillis, Change change, Mutation mutation) {
  public boolean isDeletion() {
    return change.hasPolicyDeleted();
  }

  /** From 1; of a deletion 0. */
  public long version() {
    return change.getPolicyApplied().getVersion();
  }
}
