package io.holdfast.coordinator.retention.clock;

import java.time.Instant;

/**
 * The clocks at one moment.
 *
 * @param wall what the machine says it is
 * @param monotonicNanos never going back within one process; comparable with nothing outside of it
 * @param journal time of the journal's newest valid record, whoever wrote it; never going back
 */
public record ClockReading(Instant wall, long monotonicNanos, Instant journal) {}
