package io.holdfast.coordinator.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A million snapshots that exist only while they are looked at. */
class RetentionScaleTest {
  private static final int SNAPSHOTS = 1_000_000;
  private static final Instant FIRST = Instant.parse("2016-01-01T00:00:00Z");
  private static final Duration APART = Duration.ofMinutes(5);
  private static final RetentionRules RULES =
      RetentionRules.in(ZoneId.of("Europe/Berlin"))
          .keep(Period.LAST, 10)
          .keep(Period.HOURLY, 48)
          .keep(Period.DAILY, 30)
          .keep(Period.WEEKLY, 52)
          .keep(Period.MONTHLY, 60)
          .keep(Period.YEARLY, 20);

  private int readings;

  @Test
  void shouldPlanAMillionSnapshotsByReadingThemTwice() {
    Instant now = FIRST.plus(APART.multipliedBy(SNAPSHOTS));
    RetentionPlan plan = RetentionPlan.of(RULES, Situations.at(now), this::readOnce);

    assertEquals(2, readings);
    assertEquals(SNAPSHOTS, plan.totals().liveCount());
    long kept = SNAPSHOTS - plan.totals().expiringCount();
    assertTrue(kept > 2_016 && kept < 2_016 + 200, () -> kept + " are kept");
  }

  private void readOnce(Consumer<SnapshotFacts> visitor) {
    readings++;
    Instant due = FIRST;
    for (int i = 0; i < SNAPSHOTS; i++) {
      visitor.accept(Taken.scheduled(i, due, due.plusSeconds(20)).facts());
      due = due.plus(APART);
    }
  }
}
