package io.holdfast.coordinator.ingest;

import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.seam.Randomness;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.journal.JournalAppender;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.coordinator.pack.PackAssembler;
import io.holdfast.proto.wire.v1.Authority;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * What backup sessions stand on.
 *
 * @param views a new consistent view of the catalog, closed by who asked
 * @param generation key generation that agents seal under, now
 */
public record IngestPorts(
    RepositoryId repository,
    Supplier<CatalogView> views,
    JournalAppender journal,
    MutationSealer mutations,
    PackAssembler packs,
    ReferenceRules checks,
    CommitPath commitPath,
    Receipts receipts,
    IngestMeter meter,
    Supplier<Authority> authority,
    Randomness randomness,
    IntSupplier generation) {}
