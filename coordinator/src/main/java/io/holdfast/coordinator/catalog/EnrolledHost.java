package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.HostId;
import io.holdfast.proto.stored.v1.HostEnrolled;
import io.holdfast.proto.stored.v1.Mutation;
import java.util.OptionalLong;

/**
 * A host of the fleet.
 *
 * @param seq slot of its enrolment
 * @param timeMillis of that record
 * @param enrolled the clear part: its keys
 * @param mutation the clear and the sealed part as in the journal
 * @param revokedSeq slot of the record that revoked it, if one did
 */
public record EnrolledHost(
    HostId id,
    long seq,
    long timeMillis,
    HostEnrolled enrolled,
    Mutation mutation,
    OptionalLong revokedSeq) {}
