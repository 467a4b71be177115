package io.holdfast.coordinator.catalog;

import io.holdfast.proto.stored.v1.HoldSet;
import io.holdfast.proto.stored.v1.Mutation;

/**
 * A hold that wasn't released.
 *
 * @param timeMillis when it was set, by the record
 * @param mutation with its name and reason, sealed
 */
public record RecordedHold(long timeMillis, HoldSet set, Mutation mutation) {}
