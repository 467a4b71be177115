package io.holdfast.coordinator.sweep;

import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.ingest.CommitPath;
import io.holdfast.coordinator.journal.JournalAppender;
import io.holdfast.coordinator.pack.Footers;
import io.holdfast.coordinator.pack.PackReader;
import io.holdfast.coordinator.vault.Vault;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What a sweep stands on.
 *
 * @param alone appends in a record that holds nothing else
 * @param commitPath held alone while entries are condemned
 * @param hostsMoveData whether backups or restores move data just now: sweeps go slower then
 * @param clockDoubt why the clock isn't believed, if so: then nothing goes whose time is up by it
 */
public record SweepPorts(
    FleetPorts fleet,
    JournalAppender alone,
    Vault vault,
    PackReader packs,
    Footers footers,
    CommitPath commitPath,
    BooleanSupplier hostsMoveData,
    Supplier<Optional<String>> clockDoubt) {}
