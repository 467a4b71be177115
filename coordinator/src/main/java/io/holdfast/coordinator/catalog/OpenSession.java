package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.SessionId;
import io.holdfast.proto.stored.v1.SessionOpened;

/**
 * A session that was opened by record and not yet closed.
 *
 * @param seq slot of the record that opened it
 * @param timeMillis of that record
 */
public record OpenSession(SessionId id, long seq, long timeMillis, SessionOpened opened) {}
