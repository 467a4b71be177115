package io.holdfast.coordinator.journal;

import io.holdfast.common.id.RecordHash;

/** A slot and the hash of what it holds. */
public record SlotHash(long seq, RecordHash hash) {}
