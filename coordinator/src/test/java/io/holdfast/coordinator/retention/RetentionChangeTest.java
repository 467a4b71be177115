package io.holdfast.coordinator.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetentionChangeTest {
  private static final RetentionRules RULES =
      RetentionRules.in(ZoneOffset.UTC).keep(Period.DAILY, 30).keep(Period.YEARLY, 5);

  @Test
  void shouldCallNothingShorterThatKeepsMore() {
    assertEquals(List.of(), RetentionChange.shortened(RULES, RULES));
    assertEquals(
        List.of(),
        RetentionChange.shortened(
            RULES, RULES.keep(Period.DAILY, 31).keepWithin(Duration.ofDays(8))));
  }

  @Test
  void shouldNameEachLineThatIsShortened() {
    assertEquals(
        List.of(
            "daily 30 -> 29",
            "yearly 5 -> 0",
            "within 7d -> 1d12h",
            "time zone Z -> Europe/Berlin cuts days elsewhere",
            "gapsLimit 100 -> 500 lets other snapshots count"),
        RetentionChange.shortened(
            RULES,
            RetentionRules.in(ZoneId.of("Europe/Berlin"))
                .keep(Period.DAILY, 29)
                .keep(Period.HOURLY, 1_000)
                .keepWithin(Duration.ofHours(36))
                .allowGaps(500)));
  }
}
