package io.holdfast.coordinator.policy;

import io.holdfast.coordinator.schedule.RatePlan;
import java.util.Optional;

/**
 * What runs may take, and who goes first.
 *
 * @param bandwidth by time of day, in the schedule's zone, for reading and for sending
 * @param priority from 0 to 100; the higher, the earlier among those that wait
 * @param group whose jobs have a cap in common; its size is the coordinator's setting
 */
public record Limits(RatePlan bandwidth, int priority, Optional<String> group) {
  public static final int PRIORITY_STANDARD = 50;
  public static final int PRIORITY_MAX = 100;
  public static final Limits STANDARD =
      new Limits(RatePlan.UNLIMITED, PRIORITY_STANDARD, Optional.empty());
}
