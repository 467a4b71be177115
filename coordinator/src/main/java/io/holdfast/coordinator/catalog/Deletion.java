package io.holdfast.coordinator.catalog;

import io.holdfast.proto.stored.v1.DeletionCause;

/**
 * How a snapshot was deleted.
 *
 * @param timeMillis of the record
 * @param undoUntilMillis until when it can be had back at least: longer while nobody drops it
 */
public record Deletion(long timeMillis, long undoUntilMillis, DeletionCause cause) {}
