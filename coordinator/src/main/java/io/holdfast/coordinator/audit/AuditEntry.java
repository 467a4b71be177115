package io.holdfast.coordinator.audit;

import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RecordHash;
import java.util.Optional;

/**
 * One thing that somebody did.
 *
 * @param seq slot of the record that says it
 * @param action one word
 * @param host that it was about, if it was about one
 */
public record AuditEntry(
    long seq,
    RecordHash hash,
    long timeMillis,
    String actor,
    String action,
    Optional<HostId> host,
    String text) {}
