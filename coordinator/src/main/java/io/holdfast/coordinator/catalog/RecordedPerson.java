package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.PersonId;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.PersonRole;

/**
 * Somebody who may act here, or might once.
 *
 * @param timeMillis when the role was given
 * @param mutation by which it was given, the sealed part with the name
 * @param isRemoved may act no longer
 */
public record RecordedPerson(
    PersonId id, PersonRole role, long timeMillis, Mutation mutation, boolean isRemoved) {}
