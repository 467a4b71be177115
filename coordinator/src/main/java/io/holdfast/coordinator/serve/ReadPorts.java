package io.holdfast.coordinator.serve;

import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.proto.wire.v1.Authority;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * What read sessions stand on.
 *
 * @param generation the newest key generation, now
 */
public record ReadPorts(
    Supplier<CatalogView> views,
    SnapshotAccess access,
    ChunkReads chunks,
    Supplier<Authority> authority,
    ReadMeter meter,
    IntSupplier generation) {}
