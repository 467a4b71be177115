package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.PersonId;
import io.holdfast.proto.stored.v1.Mutation;

/**
 * A token by which a person calls.
 *
 * @param id SHA-256 of its secret
 * @param createdMillis by the coordinator's clock
 * @param expiresMillis after that it is refused
 * @param isRevoked by itself, or with the fleet root that it names
 */
public record RecordedAccessToken(
    Bytes32 id,
    PersonId person,
    long createdMillis,
    long expiresMillis,
    Mutation mutation,
    boolean isRevoked) {}
