package io.holdfast.coordinator.schedule;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of some days of the week: {@code 22:00-06:00}, {@code sat-sun 00:00-24:00}. One that ends
 * at or before its beginning ends on the next day; the days are those on which it opens.
 *
 * <p>A boundary that a clock change skips is right after the gap, one that it repeats is the first
 * of the two; a window that lies in the gap as a whole opens after it, for as long as it is wide.
 *
 * @param opens minute of the day
 * @param closes minute of the day, or of the next one; 1440 is its end
 */
public record Window(Set<DayOfWeek> days, int opens, int closes) {
  static final int DAY_MINUTES = 24 * 60;

  private static final Pattern FORM =
      Pattern.compile("(?:(\\S+) +)?(\\d{1,2}):(\\d\\d) ?- ?(\\d{1,2}):(\\d\\d)");
  private static final List<String> NAMES =
      List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

  public Window {
    days = Set.copyOf(days);
    if (days.isEmpty() || opens < 0 || opens >= DAY_MINUTES || closes < 0 || closes > DAY_MINUTES) {
      throw new IllegalArgumentException("a window from " + opens + " to " + closes);
    }
  }

  /** What {@link #toString} prints parses back. IllegalArgumentException says what is wrong. */
  public static Window parse(String text) {
    Matcher form = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!form.matches()) {
      throw invalid(text, "isn't a window");
    }
    int opens = minute(text, form.group(2), form.group(3));
    int closes = minute(text, form.group(4), form.group(5));
    if (opens == closes || opens == DAY_MINUTES) {
      throw invalid(text, "has no length");
    }
    Set<DayOfWeek> days =
        form.group(1) == null ? EnumSet.allOf(DayOfWeek.class) : days(text, form.group(1));
    return new Window(days, opens, closes);
  }

  private static int minute(String text, String hours, String minutes) {
    int minute = Integer.parseInt(hours) * 60 + Integer.parseInt(minutes);
    if (minute > DAY_MINUTES || Integer.parseInt(minutes) > 59) {
      throw invalid(text, "holds a time that no day has");
    }
    return minute;
  }

  private static Set<DayOfWeek> days(String text, String list) {
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    for (String item : list.split(",", -1)) {
      String[] ends = item.split("-", -1);
      DayOfWeek day = day(text, ends[0]);
      DayOfWeek last = day(text, ends[ends.length - 1]);
      days.add(day);
      while (day != last) {
        day = day.plus(1);
        days.add(day);
      }
    }
    return days;
  }

  private static DayOfWeek day(String text, String name) {
    int index = NAMES.indexOf(name);
    if (index < 0) {
      throw invalid(text, "names a day that isn't one of " + String.join(", ", NAMES));
    }
    return DayOfWeek.of(index + 1);
  }

  private static IllegalArgumentException invalid(String text, String why) {
    return new IllegalArgumentException(
        "\"" + text + "\" " + why + ": write 22:00-06:00, or mon-fri 18:00-24:00");
  }

  /** The window that opens on {@code day}, if one does. */
  Optional<Span> on(LocalDate day, ZoneId zone) {
    if (!days.contains(day.getDayOfWeek())) {
      return Optional.empty();
    }
    ZoneRules rules = zone.getRules();
    LocalDateTime from = day.atTime(LocalTime.ofSecondOfDay(opens * 60L));
    Duration length = length();
    Instant start = instant(from, rules);
    Instant end = instant(from.plus(length), rules);
    return Optional.of(new Span(start, end.isAfter(start) ? end : start.plus(length)));
  }

  private Duration length() {
    return Duration.ofMinutes(closes > opens ? closes - opens : closes + DAY_MINUTES - opens);
  }

  private static Instant instant(LocalDateTime local, ZoneRules rules) {
    List<ZoneOffset> offsets = rules.getValidOffsets(local);
    return offsets.isEmpty()
        ? rules.getTransition(local).getInstant()
        : local.toInstant(offsets.getFirst());
  }

  @Override
  public String toString() {
    String hours = clock(opens) + "-" + clock(closes);
    return days.size() == NAMES.size() ? hours : dayText() + " " + hours;
  }

  /** Runs of three days and more as a range. */
  private String dayText() {
    List<String> parts = new ArrayList<>();
    int from = 0;
    while (from < NAMES.size()) {
      int to = from;
      while (to < NAMES.size() && days.contains(DayOfWeek.of(to + 1))) {
        to++;
      }
      addRun(parts, from, to);
      from = to + 1;
    }
    return String.join(",", parts);
  }

  private static void addRun(List<String> parts, int from, int to) {
    if (to - from > 2) {
      parts.add(NAMES.get(from) + "-" + NAMES.get(to - 1));
    } else {
      parts.addAll(NAMES.subList(from, Math.max(from, to)));
    }
  }

  private static String clock(int minute) {
    return String.format(Locale.ROOT, "%02d:%02d", minute / 60, minute % 60);
  }
}
