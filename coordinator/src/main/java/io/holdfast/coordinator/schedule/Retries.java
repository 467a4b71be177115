package io.holdfast.coordinator.schedule;

import java.time.Duration;

/**
 * How often a failed run is tried again, and after how long: the first wait doubles until it
 * reaches the longest.
 *
 * @param times more attempts after the first; 0 for none
 */
public record Retries(int times, Duration backOff, Duration longest) {
  public static final int TIMES_MAX = 100;
  public static final Retries NONE = new Retries(0, Duration.ofMinutes(5), Duration.ofHours(1));
  public static final Retries STANDARD = new Retries(3, Duration.ofMinutes(5), Duration.ofHours(1));

  public Retries {
    if (times < 0 || times > TIMES_MAX) {
      throw new IllegalArgumentException(times + " retries: write a number from 0 to " + TIMES_MAX);
    }
    if (backOff.isNegative() || longest.compareTo(backOff) < 0) {
      throw new IllegalArgumentException("the longest wait is shorter than the first");
    }
  }

  /** Whether there is another attempt after {@code attempt}, counted from 1. */
  public boolean hasAfter(int attempt) {
    return attempt <= times;
  }

  /**
   * The wait after {@code attempt} failed. Up to an eighth is added by {@code place}, or all that
   * failed with one vault would come back in one moment.
   */
  public Duration waitAfter(int attempt, long place) {
    Duration wait = backOff;
    for (int doubled = 1; doubled < attempt && wait.compareTo(longest) < 0; doubled++) {
      wait = wait.multipliedBy(2);
    }
    Duration base = wait.compareTo(longest) < 0 ? wait : longest;
    return base.plusMillis(Math.unsignedMultiplyHigh(place, base.toMillis() / 8));
  }
}
