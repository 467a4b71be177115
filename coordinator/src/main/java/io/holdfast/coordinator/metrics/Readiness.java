package io.holdfast.coordinator.metrics;

/**
 * Whether this coordinator can do its work.
 *
 * @param ready whether it leads, and its catalog stands at the journal's head
 * @param cause why it isn't ready, in words for an operator; when it is, what it is doing
 */
public record Readiness(boolean ready, String cause) {}
