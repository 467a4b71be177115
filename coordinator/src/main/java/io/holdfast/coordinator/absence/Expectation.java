package io.holdfast.coordinator.absence;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.SeriesId;
import io.holdfast.coordinator.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is expected of a series.
 *
 * @param target which series
 * @param rpo how old the newest good snapshot may be; empty: as the schedule says
 * @param rto how long a full restore of it may take; empty: nothing is promised
 * @param gapsLimit a snapshot with more gaps doesn't count
 * @param since nothing was expected before
 */
public record Expectation(
    Target target,
    Schedule schedule,
    Optional<Duration> rpo,
    Optional<Duration> rto,
    int gapsLimit,
    Instant since) {
  /**
   * A series.
   *
   * @param policy the policy's name
   * @param name of policy and data class
   * @param sourceSet of snapshots that count though no schedule ordered them, if it can be known
   * @param place where the host stands in a slot's room
   */
  public record Target(
      SeriesId series, String policy, String name, Optional<Bytes32> sourceSet, long place) {}
}
