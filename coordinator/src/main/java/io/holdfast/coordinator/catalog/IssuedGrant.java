package io.holdfast.coordinator.catalog;

import io.holdfast.proto.stored.v1.GrantIssued;
import io.holdfast.proto.stored.v1.Mutation;

/**
 * A host's permission to read another host's snapshot.
 *
 * @param seq slot of the record that issued it
 * @param mutation the clear and the sealed part as in the journal
 */
public record IssuedGrant(long seq, GrantIssued grant, Mutation mutation) {}
