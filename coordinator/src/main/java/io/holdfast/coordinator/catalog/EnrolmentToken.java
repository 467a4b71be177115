package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.proto.stored.v1.Mutation;
import java.util.Optional;

/**
 * A one-time token.
 *
 * @param token SHA-256 of its secret
 * @param seq slot of the record that created it
 * @param expiresMillis milliseconds since 1970
 * @param mutation the clear and the sealed part as in the journal
 * @param usedBy the host that it let in, if it did
 * @param isOfRetiredRoot whether it names a fleet root that was retired: it is refused then
 */
public record EnrolmentToken(
    Bytes32 token,
    long seq,
    long expiresMillis,
    Mutation mutation,
    Optional<HostId> usedBy,
    boolean isOfRetiredRoot) {}
