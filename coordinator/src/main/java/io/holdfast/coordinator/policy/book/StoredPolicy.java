package io.holdfast.coordinator.policy.book;

import io.holdfast.common.id.PolicyId;
import io.holdfast.coordinator.policy.Policy;

/**
 * A version of a policy.
 *
 * @param timeMillis when it was applied, by the coordinator's clock
 * @param actor by whom
 */
public record StoredPolicy(
    PolicyId id, long version, long timeMillis, String actor, Policy policy) {}
