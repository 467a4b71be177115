package io.holdfast.coordinator.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.common.error.HoldfastException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What people read in a preview. */
class RetentionWordsTest {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
  private static final RetentionRules RULES =
      RetentionRules.in(ZoneId.of("Europe/Berlin"))
          .keepWithin(Duration.ofHours(36))
          .keep(Period.DAILY, 2)
          .keep(Period.MONTHLY, 3);

  private final List<SnapshotFacts> history = new ArrayList<>();

  @Test
  void shouldSayWhyASnapshotIsKept() {
    SnapshotFacts first = add(Taken.scheduled(1, NOW.minus(Duration.ofDays(45))).held("case 12"));
    SnapshotFacts bad = add(Taken.scheduled(2, NOW.minus(Duration.ofDays(12))).suspect());
    add(Taken.scheduled(3, NOW.minus(Duration.ofDays(14))));
    SnapshotFacts last = add(Taken.scheduled(4, NOW.minus(Duration.ofDays(1))));

    assertEquals(List.of("monthly: stands for month 2026-10", "held: case 12"), words(first));
    assertEquals(
        List.of("daily: is suspect, but nothing better stands for day 2026-11-18"), words(bad));
    assertEquals(
        List.of(
            "daily: stands for day 2026-11-29",
            "the newest good one of those scheduled here",
            "within 1d12h of the newest good one"),
        words(last));
  }

  @Test
  void shouldSayWhatKeepsItFromOtherSitesAndTimes() {
    SnapshotFacts late =
        add(Taken.scheduled(1, NOW.minus(Duration.ofDays(45))).imported(NOW, true));
    SnapshotFacts ahead = add(Taken.unscheduled(2, NOW.plusSeconds(60)));

    assertEquals(
        List.of(
            "daily: arrived late, counted from 2026-11-30T12:00:00Z and kept beside others",
            "monthly: arrived late, counted from 2026-11-30T12:00:00Z and kept beside others",
            "there is no good one of those scheduled yet"),
        words(late));
    assertEquals(
        List.of(
            "dated 2026-11-30T12:01:00Z, ahead of the clock",
            "there is no good one of those scheduled or made here yet"),
        words(ahead));
  }

  @Test
  void shouldSayWhyNothingExpires() {
    assertEquals(
        "5 of 9 snapshots scheduled here would expire at once, more than half; look at the"
            + " preview, then approve them",
        new Brake.Fall(Rank.SCHEDULED, 5, 9).words());
    assertEquals(
        "900 unscheduled snapshots on 2026-11-30, where up to 50 are ordinary; find out what makes"
            + " them, then delete or approve them",
        new Brake.Flood(LocalDate.of(2026, 11, 30), 900, 50).words());
    Brake clock = new Brake.ClockDoubted(Situations.doubtedAt(NOW).clock().doubt().orElseThrow());
    assertEquals(
        "the clock is doubted since it showed 2026-11-30T12:00:00Z: it stepped forward by 3652d 0h;"
            + " compare it with another clock and confirm it, or wait",
        clock.words());
    assertEquals(
        "nothing expires now: " + clock.words(), new Reason.Frozen(List.of(clock)).words());
  }

  @Test
  void shouldRefuseRulesThatMeanNothing() {
    assertRefused("keep daily -1 isn't allowed: give a number from 0 to 100000", -1);
    assertRefused("keep daily 100001 isn't allowed: give a number from 0 to 100000", 100_001);
    HoldfastException below =
        assertThrows(HoldfastException.class, () -> RULES.keepWithin(Duration.ofHours(23)));
    assertEquals(
        "keep within 23h isn't allowed: what is younger than 1d is always kept, and nothing can be"
            + " asked beyond 36525d",
        below.getMessage());
    HoldfastException negative = assertThrows(HoldfastException.class, () -> RULES.allowGaps(-1));
    assertEquals("a limit of gaps is a number from 0 on, not -1", negative.getMessage());
  }

  private static void assertRefused(String message, int count) {
    HoldfastException refused =
        assertThrows(HoldfastException.class, () -> RULES.keep(Period.DAILY, count));
    assertEquals(message, refused.getMessage());
  }

  private SnapshotFacts add(Taken taken) {
    history.add(taken.facts());
    return taken.facts();
  }

  private List<String> words(SnapshotFacts snapshot) {
    RetentionPlan plan = RetentionPlan.of(RULES, Situations.at(NOW), history::forEach);
    return ((Decision.Keep) plan.judge(snapshot)).reasons().stream().map(Reason::words).toList();
  }
}
