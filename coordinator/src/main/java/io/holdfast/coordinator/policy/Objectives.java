package io.holdfast.coordinator.policy;

import java.time.Duration;
import java.util.Optional;

/**
 * What is promised.
 *
 * @param rpo how old the newest good snapshot may be
 * @param rto how long a restore of everything may take
 */
public record Objectives(Optional<Duration> rpo, Optional<Duration> rto) {
  public static final Objectives NONE = new Objectives(Optional.empty(), Optional.empty());
}
