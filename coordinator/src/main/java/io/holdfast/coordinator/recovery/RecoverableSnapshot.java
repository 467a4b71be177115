package io.holdfast.coordinator.recovery;

import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.proto.stored.v1.SnapshotDetails;

/**
 * A snapshot that a vault's keys can open.
 *
 * @param details host name and sources, empty if they don't open
 */
public record RecoverableSnapshot(StoredSnapshot stored, SnapshotDetails details) {}
