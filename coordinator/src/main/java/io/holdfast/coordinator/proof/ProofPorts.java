package io.holdfast.coordinator.proof;

import io.holdfast.common.seam.Randomness;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.ingest.CommitPath;
import io.holdfast.coordinator.ingest.VaultRoom;
import io.holdfast.coordinator.journal.JournalAppender;
import io.holdfast.coordinator.pack.Footers;
import io.holdfast.coordinator.pack.PackReader;
import io.holdfast.coordinator.vault.Vault;
import java.util.function.Supplier;

/**
 * What re-reading stands on.
 *
 * @param views a new consistent view of the catalog, closed by who asked
 * @param commitPath held alone while a loss is recorded
 * @param opener roots and pages of snapshots
 * @param exams a new look at chunks of every key generation, for one thread
 * @param randomness names of packs
 * @param room for what is found again
 * @param health told which snapshots were found to lack something
 */
public record ProofPorts(
    Supplier<CatalogView> views,
    Vault vault,
    PackReader packs,
    Footers footers,
    JournalAppender journal,
    CommitPath commitPath,
    SnapshotOpener opener,
    Supplier<ChunkExam> exams,
    Randomness randomness,
    VaultRoom room,
    SnapshotHealth health,
    ProofMeter meter) {}
