package io.holdfast.coordinator.sweep;

import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.ingest.CommitPath;
import io.holdfast.coordinator.journal.JournalAppender;
import io.holdfast.coordinator.pack.Footers;
import io.holdfast.coordinator.pack.PackReader;
import io.holdfast.coordinator.vault.Vault;
import java.util.function.BooleanSupplier;

/**
 * What a sweep stands on.
 *
 * @param alone appends in a record that holds nothing else
 * @param commitPath held alone while entries are condemned
 * @param hostsMoveData whether backups or restores move data just now: sweeps go slower then
 */
public record SweepPorts(
    FleetPorts fleet,
    JournalAppender alone,
    Vault vault,
    PackReader packs,
    Footers footers,
    CommitPath commitPath,
    BooleanSupplier hostsMoveData) {}
