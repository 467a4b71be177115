package io.holdfast.coordinator.browse;

import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.coordinator.proof.SnapshotHealth;
import io.holdfast.coordinator.proof.SnapshotOpener;
import java.util.function.Supplier;

/**
 * What looking into snapshots stands on.
 *
 * @param views a new consistent view of the catalog, closed by who asked
 * @param mutations opens the sealed part of records
 */
public record BrowsePorts(
    Supplier<CatalogView> views,
    MutationSealer mutations,
    SnapshotOpener opener,
    SnapshotHealth health,
    HostNames hosts) {}
