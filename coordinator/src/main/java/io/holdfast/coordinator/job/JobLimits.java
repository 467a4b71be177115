package io.holdfast.coordinator.job;

import java.time.Duration;

/**
 * Bounds and waits of the registry.
 *
 * @param heartbeat between two questions to an agent
 * @param silence without any message after which a stream is dead
 * @param probe that a session has to answer in when another comes for its host
 * @param reconnect that an agent has for coming back for its jobs
 * @param resume the same after the coordinator itself was away
 * @param orderValidity that an agent has for beginning with an order
 * @param grantLife that a restore has for reading another host's snapshot
 * @param jobsPerHost at one time
 * @param resultsPerHost kept
 * @param results kept in all
 */
public record JobLimits(
    Duration heartbeat,
    Duration silence,
    Duration probe,
    Duration reconnect,
    Duration resume,
    Duration orderValidity,
    Duration grantLife,
    int jobsPerHost,
    int resultsPerHost,
    int results) {
  public JobLimits {
    if (heartbeat.multipliedBy(2).compareTo(silence) > 0 || probe.compareTo(silence) > 0) {
      throw new IllegalArgumentException("silence is too short for two heartbeats or the probe");
    }
    if (jobsPerHost < 1 || resultsPerHost < 1 || results < resultsPerHost) {
      throw new IllegalArgumentException("the bounds of jobs and results must be at least 1");
    }
  }

  public static JobLimits defaults() {
    return new JobLimits(
        Duration.ofSeconds(5),
        Duration.ofSeconds(15),
        Duration.ofSeconds(3),
        Duration.ofSeconds(10),
        Duration.ofMinutes(3),
        Duration.ofHours(1),
        Duration.ofDays(7),
        16,
        16,
        2_000);
  }
}
