package io.holdfast.coordinator.schedule;

import java.time.Instant;

/** From {@code opens} to just before {@code closes}. */
public record Span(Instant opens, Instant closes) {
  public boolean contains(Instant time) {
    return !time.isBefore(opens) && time.isBefore(closes);
  }
}
