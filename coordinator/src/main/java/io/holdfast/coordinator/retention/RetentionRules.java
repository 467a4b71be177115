package io.holdfast.coordinator.retention;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.unit.Durations;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.StringJoiner;

/**
 * What a policy keeps of each source set of each host. Every rule looks at the whole history by
 * itself: raising one never makes another one keep less. A policy writes counts and {@code within}
 * as its retention; zone and limit of gaps are those of its data class.
 *
 * @param counts of how many buckets of each period one snapshot is kept; 0 where it isn't said
 * @param within everything is kept that isn't older than this, seen from the newest good snapshot
 * @param zone whose hours, days, weeks, months and years are meant
 * @param gapsLimit a snapshot with more gaps counts for nothing
 */
public record RetentionRules(
    Map<Period, Integer> counts, Duration within, ZoneId zone, int gapsLimit) {
  /** The floor that no policy can go below. (tune) */
  public static final Duration LEAST_WITHIN = Duration.ofDays(1);

  /** What a policy keeps within that doesn't say. (tune) */
  public static final Duration USUAL_WITHIN = Duration.ofDays(7);

  /** Of a policy that doesn't say. (tune) */
  public static final int USUAL_GAPS_LIMIT = 100;

  /** A plan holds a row a bucket: this is its bound. */
  public static final int MOST_BUCKETS = 100_000;

  private static final Duration MOST_WITHIN = Duration.ofDays(36_525);

  public RetentionRules {
    Map<Period, Integer> all = new EnumMap<>(Period.class);
    for (Period period : Period.values()) {
      all.put(period, checkedCount(period, counts.getOrDefault(period, 0)));
    }
    counts = Collections.unmodifiableMap(all);
    if (within.compareTo(LEAST_WITHIN) < 0 || within.compareTo(MOST_WITHIN) > 0) {
      throw invalid(
          "keep within "
              + Durations.exact(within)
              + " isn't allowed: what is younger than "
              + Durations.exact(LEAST_WITHIN)
              + " is always kept, and nothing can be asked beyond "
              + Durations.exact(MOST_WITHIN));
    }
    if (gapsLimit < 0) {
      throw invalid("a limit of gaps is a number from 0 on, not " + gapsLimit);
    }
  }

  /** Rules that keep only what is younger than the usual floor, to be added to. */
  public static RetentionRules in(ZoneId zone) {
    return new RetentionRules(Map.of(), USUAL_WITHIN, zone, USUAL_GAPS_LIMIT);
  }

  public RetentionRules keep(Period period, int count) {
    Map<Period, Integer> changed = new EnumMap<>(counts);
    changed.put(period, count);
    return new RetentionRules(changed, within, zone, gapsLimit);
  }

  public RetentionRules keepWithin(Duration duration) {
    return new RetentionRules(counts, duration, zone, gapsLimit);
  }

  public RetentionRules allowGaps(int limit) {
    return new RetentionRules(counts, within, zone, limit);
  }

  /** These rules by the days of another zone. */
  public RetentionRules cutIn(ZoneId other) {
    return new RetentionRules(counts, within, other, gapsLimit);
  }

  /** Of how many buckets of {@code period} one snapshot is kept. */
  public int count(Period period) {
    return counts.get(period);
  }

  /** For people, such as {@code last 3, daily 14, within 2d}. */
  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(", ");
    counts.forEach((period, count) -> {
      if (count > 0) {
        text.add(period.word() + " " + count);
      }
    });
    return text.add("within " + Durations.exact(within)).toString();
  }

  private static int checkedCount(Period period, int count) {
    if (count < 0 || count > MOST_BUCKETS) {
      throw invalid(
          "keep "
              + period.word()
              + " "
              + count
              + " isn't allowed: give a number from 0 to "
              + MOST_BUCKETS);
    }
    return count;
  }

  private static HoldfastException invalid(String message) {
    return new HoldfastException(ErrorCode.INVALID_ARGUMENT, message);
  }
}
