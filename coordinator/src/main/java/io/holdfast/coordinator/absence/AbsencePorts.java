package io.holdfast.coordinator.absence;

import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.fleet.HostDirectory;
import io.holdfast.coordinator.job.RestoreSpeeds;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.coordinator.policy.book.PolicyBook;
import io.holdfast.coordinator.proof.SnapshotHealth;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What absence is found out from.
 *
 * @param views a new view of the catalog, closed by who asked
 * @param connected whether a host is connected now
 * @param hostAway how long a host may be away
 * @param proofWithin how soon after its commit a snapshot has to be proven; empty where nobody
 *     proves
 * @param speeds how fast restores were
 */
public record AbsencePorts(
    Supplier<CatalogView> views,
    HostDirectory hosts,
    PolicyBook policies,
    SnapshotHealth health,
    MutationSealer mutations,
    Predicate<HostId> connected,
    Duration hostAway,
    Optional<Duration> proofWithin,
    RestoreSpeeds speeds) {}
