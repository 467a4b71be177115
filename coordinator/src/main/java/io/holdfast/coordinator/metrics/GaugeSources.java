package io.holdfast.coordinator.metrics;

import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.absence.AbsenceReport;
import io.holdfast.coordinator.browse.HostNames;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.proof.SnapshotHealth;
import io.holdfast.coordinator.vault.Vault;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * What gauges ask.
 *
 * @param views a new view of the catalog, closed by who asked
 * @param leader whether this coordinator leads
 * @param term of the leadership, 0 if this coordinator doesn't lead
 * @param hostsConnected agents connected to this coordinator
 * @param jobsRunning jobs that haven't ended
 * @param sweepWaits reasons for which the last sweep left something
 * @param quota bytes that a host may fill, unsigned; 0 for any number
 * @param absence how hosts stand; empty if that can't be told now
 */
public record GaugeSources(
    Supplier<CatalogView> views,
    Vault vault,
    HostNames hosts,
    SnapshotHealth health,
    BooleanSupplier leader,
    LongSupplier term,
    IntSupplier hostsConnected,
    IntSupplier jobsRunning,
    IntSupplier sweepWaits,
    ToLongFunction<HostId> quota,
    Supplier<Optional<AbsenceReport>> absence) {}
