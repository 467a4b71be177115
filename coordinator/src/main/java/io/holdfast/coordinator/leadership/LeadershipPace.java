package io.holdfast.coordinator.leadership;

import java.time.Duration;

/**
 * How often what is done. None of it decides safety.
 *
 * @param followInterval between two looks at the next slot
 * @param listInterval between two lists of the journal while following
 * @param contendInterval after a lost contest, or an error, before the next try
 * @param confirmInterval between two looks of an idle leader at whether it still is one
 */
public record LeadershipPace(
    Duration followInterval,
    Duration listInterval,
    Duration contendInterval,
    Duration confirmInterval) {
  /** For one site on local disks or a near store. */
  public static LeadershipPace standard() {
    return new LeadershipPace(
        Duration.ofMillis(200),
        Duration.ofMinutes(1),
        Duration.ofMillis(500),
        Duration.ofSeconds(5));
  }
}
