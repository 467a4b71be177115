package io.holdfast.coordinator.metrics;

import io.holdfast.coordinator.browse.HostNames;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.proof.SnapshotHealth;
import io.holdfast.coordinator.vault.Vault;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * What gauges ask.
 *
 * @param views a new view of the catalog, closed by who asked
 * @param leader whether this coordinator leads
 * @param hostsConnected agents connected to this coordinator
 */
public record GaugeSources(
    Supplier<CatalogView> views,
    Vault vault,
    HostNames hosts,
    SnapshotHealth health,
    BooleanSupplier leader,
    IntSupplier hostsConnected) {}
