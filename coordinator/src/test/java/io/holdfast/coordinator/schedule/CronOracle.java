package io.holdfast.coordinator.schedule;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a cron expression means, told minute by minute by somebody who watches a wall clock and
 * knows nothing of zone rules: a minute that fits fires; if the clock jumped since the last minute
 * and a skipped one fits, this one fires; a face of the clock seen before doesn't fire again unless
 * the hours have a star.
 */
record CronOracle(
    String text,
    Set<Integer> starred,
    Set<Integer> minutes,
    Set<Integer> hours,
    Set<Integer> days,
    Set<Integer> months,
    Set<Integer> weekDays) {
  private static final int REMEMBERED = 4 * 60;

  /** Fields of all kinds, wide ones oftener than narrow ones. */
  static CronOracle random(Random random) {
    return random(random, 5);
  }

  /** Only minutes and hours are other than a star. */
  static CronOracle randomTimes(Random random) {
    return random(random, 2);
  }

  private static CronOracle random(Random random, int fields) {
    Set<Integer> starred = new HashSet<>();
    StringBuilder text = new StringBuilder();
    List<Set<Integer>> sets = new ArrayList<>();
    int[][] bounds = {{0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 6}};
    for (int field = 0; field < 5; field++) {
      int from = bounds[field][0];
      int to = bounds[field][1];
      int kind = field >= fields ? 8 : random.nextInt(field < 2 ? 5 : 9);
      Set<Integer> set = new TreeSet<>();
      String word;
      switch (kind) {
        case 0, 1 -> {
          int one = from + random.nextInt(to - from + 1);
          set.add(one);
          word = Integer.toString(one);
        }
        case 2 -> {
          for (int n = 1 + random.nextInt(4); n > 0; n--) {
            set.add(from + random.nextInt(to - from + 1));
          }
          word = set.stream().map(String::valueOf).collect(Collectors.joining(","));
        }
        case 3 -> {
          int low = from + random.nextInt(to - from + 1);
          int high = low + random.nextInt(to - low + 1);
          int step = 1 + random.nextInt(3);
          for (int n = low; n <= high; n += step) {
            set.add(n);
          }
          word = low + "-" + high + (step == 1 ? "" : "/" + step);
        }
        default -> {
          int step = kind == 4 ? 2 + random.nextInt(5) : 1;
          for (int n = from; n <= to; n += step) {
            set.add(n);
          }
          word = step == 1 ? "*" : "*/" + step;
          starred.add(field);
        }
      }
      sets.add(set);
      text.append(text.isEmpty() ? "" : " ").append(word);
    }
    return new CronOracle(
        text.toString(), starred, sets.get(0), sets.get(1), sets.get(2), sets.get(3), sets.get(4));
  }

  /** Every instant after {@code from} up to {@code to}, both of whole minutes. */
  List<Instant> fires(Instant from, Instant to, ZoneId zone) {
    Deque<LocalDateTime> remembered = new ArrayDeque<>();
    Set<LocalDateTime> seen = new HashSet<>();
    LocalDateTime last = null;
    List<Instant> fires = new ArrayList<>();
    Instant start = from.minus(REMEMBERED, ChronoUnit.MINUTES);
    for (Instant now = start; !now.isAfter(to); now = now.plusSeconds(60)) {
      LocalDateTime face = LocalDateTime.ofInstant(now, zone);
      boolean again = !seen.add(face);
      boolean fitting = fits(face) && (!again || starred.contains(1));
      if (now.isAfter(from) && (fitting || skippedFits(last, face))) {
        fires.add(now);
      }
      remembered.add(face);
      if (remembered.size() > REMEMBERED) {
        seen.remove(remembered.remove());
      }
      last = face;
    }
    return fires;
  }

  private boolean skippedFits(LocalDateTime last, LocalDateTime face) {
    if (last == null) {
      return false;
    }
    for (LocalDateTime at = last.plusMinutes(1); at.isBefore(face); at = at.plusMinutes(1)) {
      if (fits(at)) {
        return true;
      }
    }
    return false;
  }

  private boolean fits(LocalDateTime at) {
    boolean day = days.contains(at.getDayOfMonth());
    boolean weekDay = weekDays.contains(at.getDayOfWeek().getValue() % 7);
    boolean either = !starred.contains(2) && !starred.contains(4);
    return minutes.contains(at.getMinute())
        && hours.contains(at.getHour())
        && months.contains(at.getMonthValue())
        && (either ? day || weekDay : day && weekDay);
  }
}
