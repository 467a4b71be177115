package io.holdfast.coordinator.catalog;

import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.PolicyApplied;
import io.holdfast.proto.stored.v1.PolicyDeleted;
import java.nio.ByteBuffer;

/**
 * Effects of policies. Versions follow each other without a gap; a deleted policy stays deleted.
 */
final class PolicyChanges {
  /** Stands for the deletion among a policy's versions. */
  static final long DELETED = Long.MAX_VALUE;

  private PolicyChanges() {}

  static void apply(PolicyApplied change, Mutation mutation, Effects effects) {
    byte[] policy = Fields.policy(change.getPolicy()).toByteArray();
    Fields.bytes32(change.getTextSha256(), "hash of a policy's text");
    boolean isNext = change.getVersion() == version(policy, effects) + 1;
    if (!isNext || effects.has(Families.POLICY_VERSIONS, Keys.policyVersion(policy, DELETED))) {
      effects.ignore();
      return;
    }
    byte[] row = effects.recorded(mutation);
    effects.put(Families.META, Keys.POLICIES_CHANGED, Keys.seq(effects.seq()));
    effects.put(Families.POLICIES, policy, Keys.seq(change.getVersion()));
    effects.put(Families.POLICY_VERSIONS, Keys.policyVersion(policy, change.getVersion()), row);
  }

  private static long version(byte[] policy, Effects effects) {
    return effects
        .get(Families.POLICIES, policy)
        .map(row -> ByteBuffer.wrap(row).getLong())
        .orElse(0L);
  }

  static void delete(PolicyDeleted change, Mutation mutation, Effects effects) {
    byte[] policy = Fields.policy(change.getPolicy()).toByteArray();
    if (!effects.has(Families.POLICIES, policy)) {
      effects.ignore();
      return;
    }
    effects.delete(Families.POLICIES, policy);
    effects.put(Families.META, Keys.POLICIES_CHANGED, Keys.seq(effects.seq()));
    effects.put(
        Families.POLICY_VERSIONS, Keys.policyVersion(policy, DELETED), effects.recorded(mutation));
  }
}
