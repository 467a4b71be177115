package io.holdfast.coordinator.dispatch;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.SeriesId;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.coordinator.policy.DataClass;
import io.holdfast.coordinator.schedule.plan.Duty;

/**
 * A data class that a host is in.
 *
 * @param id of the duty's series
 * @param policy its name
 * @param sourceSet of the snapshots that it makes
 */
record Assignment(
    Duty duty,
    SeriesId id,
    NamedHost host,
    String policy,
    DataClass dataClass,
    Bytes32 sourceSet) {}
