package io.holdfast.coordinator.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/** When something is due again and again: an endless row of instants, given a time zone. */
public sealed interface Recurrence permits Cron, Every {
  /** How far back the search for an earlier instant goes: past the longest wait of any Cron. */
  Duration HORIZON = Duration.ofDays(45 * 366);

  /** What {@code toString} prints parses back. IllegalArgumentException says what is wrong. */
  static Recurrence parse(String text) {
    String stripped = text.strip();
    return stripped.startsWith(Every.WORD) ? Every.parse(stripped) : Cron.parse(stripped);
  }

  /** The first instant after {@code after}. */
  Instant next(Instant after, ZoneId zone);

  /** The last instant at or before {@code now}. */
  default Instant previous(Instant now, ZoneId zone) {
    Duration back = Duration.ofHours(1);
    Instant found = next(now.minus(back), zone);
    while (found.isAfter(now)) {
      back = back.multipliedBy(2);
      if (back.compareTo(HORIZON) > 0) {
        throw new IllegalStateException("\"" + this + "\" never came before " + now);
      }
      found = next(now.minus(back), zone);
    }
    return lastFrom(found, now, zone);
  }

  /**
   * By halving: at most as many questions as the span has bits, however many instants lie in it.
   */
  private Instant lastFrom(Instant first, Instant now, ZoneId zone) {
    Instant found = first;
    Instant end = now;
    for (Instant after = next(found, zone); !after.isAfter(now); after = next(found, zone)) {
      Instant middle = found.plus(Duration.between(found, end).dividedBy(2));
      Instant probe = next(middle, zone);
      if (probe.isAfter(now)) {
        end = middle;
        found = after;
      } else {
        found = probe;
      }
    }
    return found;
  }
}
