package io.holdfast.coordinator.alarm;

import java.time.Instant;

/**
 * Something that happened at one moment, once or again and again.
 *
 * @param alarm as it is shown, since the first time
 * @param last when it happened last
 */
public record Incident(Alarm alarm, Instant last) {}
