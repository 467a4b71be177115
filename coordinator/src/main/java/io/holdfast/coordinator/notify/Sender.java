package io.holdfast.coordinator.notify;

/**
 * Who speaks, in every message.
 *
 * @param fleet id, 32 digits
 * @param coordinator id, 32 digits
 */
public record Sender(String fleet, String coordinator) {}
