package io.holdfast.coordinator.journal;

import java.time.Instant;

/** Where an append stands: durable, read back and applied here. What a receipt names. */
public record Appended(SlotHash slot, Authority authority, Instant time) {}
