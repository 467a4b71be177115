package io.holdfast.coordinator.prune;

import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.fleet.HostDirectory;
import io.holdfast.coordinator.policy.book.PolicyBook;
import io.holdfast.coordinator.proof.SnapshotHealth;
import java.time.Duration;

/**
 * What deleting snapshots stands on.
 *
 * @param undo how long a deletion can be undone
 */
public record PrunePorts(
    FleetPorts fleet,
    HostDirectory hosts,
    PolicyBook policies,
    SnapshotHealth health,
    Duration undo) {}
