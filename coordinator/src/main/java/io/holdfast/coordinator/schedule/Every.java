package io.holdfast.coordinator.schedule;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.unit.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/**
 * {@code @every 90m}: a rhythm of elapsed time, which no clock change touches. Its instants are the
 * multiples of the period since 1970-01-01T00:00Z, so that they depend on nothing but the period:
 * not on when a policy was applied, nor on when a coordinator began.
 */
public record Every(Duration period) implements Recurrence {
  static final String WORD = "@every";

  private static final Duration MIN = Duration.ofMinutes(1);
  private static final Duration MAX = Duration.ofDays(366);

  public Every {
    if (period.compareTo(MIN) < 0
        || period.compareTo(MAX) > 0
        || !period.equals(period.truncatedTo(ChronoUnit.SECONDS))) {
      throw new IllegalArgumentException(
          WORD + " takes whole seconds, from 1m to 366d, not " + Durations.exact(period));
    }
  }

  static Every parse(String text) {
    String period = text.substring(WORD.length());
    if (!period.startsWith(" ")) {
      throw new IllegalArgumentException(
          "\"" + text + "\" has no period: write it so: " + WORD + " 90m");
    }
    try {
      return new Every(Durations.parse(period));
    } catch (HoldfastException e) {
      throw new IllegalArgumentException(WORD + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Instant next(Instant after, ZoneId zone) {
    return Instant.ofEpochSecond((count(after) + 1) * period.toSeconds());
  }

  @Override
  public Instant previous(Instant now, ZoneId zone) {
    return Instant.ofEpochSecond(count(now) * period.toSeconds());
  }

  private long count(Instant now) {
    return Math.floorDiv(now.getEpochSecond(), period.toSeconds());
  }

  @Override
  public String toString() {
    return WORD + " " + Durations.exact(period);
  }
}
