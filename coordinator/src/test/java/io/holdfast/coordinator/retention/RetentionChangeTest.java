package io.holdfast.coordinator.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetentionChangeTest {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
  private static final Situation SITUATION = Situations.at(NOW);
  private static final RetentionRules RULES =
      RetentionRules.in(ZoneOffset.UTC).keep(Period.DAILY, 30).keep(Period.YEARLY, 5);

  @Test
  void shouldCallNothingShorterThatKeepsMore() {
    assertEquals(List.of(), lines(RULES, RULES));
    assertEquals(
        List.of(), lines(RULES, RULES.keep(Period.DAILY, 31).keepWithin(Duration.ofDays(8))));
    assertFalse(RetentionChange.between(Optional.of(RULES), Optional.empty()).mayKeepLess());
    assertFalse(RetentionChange.between(Optional.empty(), Optional.empty()).mayKeepLess());
  }

  @Test
  void shouldNameEachLineThatIsShortened() {
    assertEquals(
        List.of(
            "keep daily: 30 -> 29",
            "keep yearly: 5 -> 0",
            "keep within: 7d -> 1d12h",
            "time zone: Z -> Europe/Berlin cuts days elsewhere",
            "limit of gaps: 100 -> 500 lets other snapshots count"),
        lines(
            RULES,
            RetentionRules.in(ZoneId.of("Europe/Berlin"))
                .keep(Period.DAILY, 29)
                .keep(Period.HOURLY, 1_000)
                .keepWithin(Duration.ofHours(36))
                .allowGaps(500)));
  }

  @Test
  void shouldCallTheFirstRulesShorterThanNone() {
    assertEquals(
        List.of("so far nothing expires"),
        RetentionChange.between(Optional.empty(), Optional.of(RULES)).shortened());
  }

  /** A policy that would delete (nearly) everything is seen before it is applied. */
  @Test
  void shouldCountWhatAHistoryLoses() {
    RetentionRules none = RetentionRules.in(ZoneOffset.UTC).keepWithin(Duration.ofDays(1));
    RetentionEffect effect = effect(Optional.of(RULES), Optional.of(none));
    assertEquals(new RetentionEffect(40, 31, 2, 29, 0), effect);
    assertTrue(effect.keepsLess());
    assertTrue(effect.isFall());
    assertEquals(new RetentionEffect(80, 62, 4, 58, 0), effect.plus(effect));
  }

  @Test
  void shouldCountWhatAHistoryGains() {
    RetentionEffect effect = effect(Optional.of(RULES), Optional.of(RULES.keep(Period.DAILY, 35)));
    assertEquals(new RetentionEffect(40, 31, 36, 0, 5), effect);
    assertFalse(effect.keepsLess());
    assertFalse(effect.isFall());
  }

  @Test
  void shouldKeepEverythingWithoutRules() {
    assertEquals(
        new RetentionEffect(40, 40, 31, 9, 0), effect(Optional.empty(), Optional.of(RULES)));
    assertEquals(
        new RetentionEffect(40, 31, 40, 0, 9), effect(Optional.of(RULES), Optional.empty()));
  }

  /** Forty days with a snapshot each, and one that is deleted already. */
  private static RetentionEffect effect(
      Optional<RetentionRules> before, Optional<RetentionRules> after) {
    List<SnapshotFacts> history = new ArrayList<>();
    for (int day = 0; day < 40; day++) {
      history.add(Taken.scheduled(day, NOW.minus(Duration.ofDays(day))).facts());
    }
    history.add(Taken.scheduled(99, NOW).with(new Life.Deleted(NOW, Life.Cause.OPERATOR)).facts());
    return RetentionEffect.of(before, after, SITUATION, history::forEach);
  }

  private static List<String> lines(RetentionRules before, RetentionRules after) {
    return RetentionChange.between(Optional.of(before), Optional.of(after)).shortened();
  }
}
