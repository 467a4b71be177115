package io.holdfast.coordinator.retention;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * How many unscheduled snapshots each day has, and whether that is more than usual. Scheduled ones
 * can't flood: the coordinator orders each, and two for one nominal time share their buckets.
 *
 * <p>A day is a flood if it has more than {@link #FEW} of them and more than {@link #TIMES} the
 * median of the {@link #DAYS_BEFORE} days before it. A flood day counts as its limit for the days
 * after it: nobody makes floods usual by making them often. It stays one until its snapshots are
 * deleted or approved, however long ago it was. Holds one number a day that has any.
 */
final class Floods {
  /** (tune) */
  static final int FEW = 50;

  /** (tune) */
  static final int TIMES = 4;

  /** (tune) */
  static final int DAYS_BEFORE = 28;

  private static final long DAY_SECONDS = TimeUnit.DAYS.toSeconds(1);

  private final TreeMap<Long, Long> perDay = new TreeMap<>();

  void add(SnapshotFacts snapshot) {
    if (snapshot.rank() == Rank.UNSCHEDULED && snapshot.life() instanceof Life.Live) {
      perDay.merge(day(snapshot.committed()), 1L, Long::sum);
    }
  }

  /** The worst of them that nobody approved. */
  Optional<Brake.Flood> worst(Approval approval) {
    Optional<Brake.Flood> worst = Optional.empty();
    Usual usual = new Usual();
    for (Map.Entry<Long, Long> day : perDay.entrySet()) {
      usual.moveTo(day.getKey());
      long limit = Math.max(usual.limit(), approval.unscheduledPerDay());
      long count = day.getValue();
      if (count > limit && worst.filter(known -> known.snapshots() >= count).isEmpty()) {
        worst = Optional.of(new Brake.Flood(LocalDate.ofEpochDay(day.getKey()), count, limit));
      }
      usual.set(Math.min(count, limit));
    }
    return worst;
  }

  private static long day(Instant time) {
    return Math.floorDiv(time.getEpochSecond(), DAY_SECONDS);
  }

  /** The days before one day, most of which may have none. */
  private static final class Usual {
    private final long[] before = new long[DAYS_BEFORE];
    private long today = Long.MIN_VALUE;
    private long todaysCount;

    void moveTo(long day) {
      boolean far = today == Long.MIN_VALUE || day - today > DAYS_BEFORE;
      if (far) {
        Arrays.fill(before, 0);
      } else {
        put(today, todaysCount);
        for (long between = today + 1; between < day; between++) {
          put(between, 0);
        }
      }
      today = day;
    }

    void set(long count) {
      todaysCount = count;
    }

    long limit() {
      long[] sorted = before.clone();
      Arrays.sort(sorted);
      return Math.max(FEW, TIMES * sorted[DAYS_BEFORE / 2]);
    }

    private void put(long day, long count) {
      before[Math.floorMod(day, DAYS_BEFORE)] = count;
    }
  }
}
