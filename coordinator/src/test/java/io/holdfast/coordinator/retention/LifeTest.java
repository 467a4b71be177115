package io.holdfast.coordinator.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LifeTest {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
  private static final Duration UNDO = Duration.ofDays(7);
  private static final RetentionRules RULES =
      RetentionRules.in(ZoneOffset.UTC).keepWithin(Duration.ofDays(2)).keep(Period.DAILY, 1);

  @Test
  void shouldDeleteWithAnUndoAndLetTheFirstStand() {
    Life.Deleted deleted = Life.Live.NEW.delete(NOW, UNDO, Life.Cause.OPERATOR);
    assertEquals(NOW.plus(UNDO), deleted.undoUntil());
    assertEquals(deleted, deleted.delete(NOW.plusSeconds(9), UNDO, Life.Cause.OPERATOR));
    assertEquals(deleted, deleted.delete(NOW.plusSeconds(9), UNDO, Life.Cause.RETENTION));
  }

  @Test
  void shouldLetAnOperatorsWordStandOverTheRules() {
    Life.Deleted deleted = Life.Live.NEW.delete(NOW, UNDO, Life.Cause.RETENTION);
    assertEquals(
        new Life.Deleted(NOW.plus(UNDO), Life.Cause.OPERATOR),
        deleted.delete(NOW.plusSeconds(9), UNDO, Life.Cause.OPERATOR));
  }

  @Test
  void shouldUndoADeletionOnce() {
    Life.Live back =
        Life.Live.NEW.delete(NOW, UNDO, Life.Cause.OPERATOR).undelete(NOW.plusSeconds(5));
    assertEquals(Optional.of(NOW.plusSeconds(5)), back.undeleted());
    assertEquals(back, back.undelete(NOW.plusSeconds(9)));
    assertEquals(Life.Live.NEW, Life.Live.NEW.undelete(NOW));
  }

  /** Otherwise the next round would take again what somebody just wanted back. */
  @Test
  void shouldKeepWhatWasUndeletedAsIfItWereYoung() {
    Instant old = NOW.minus(Duration.ofDays(30));
    SnapshotFacts newest = Taken.scheduled(1, NOW).facts();
    Taken taken = Taken.scheduled(2, old);
    SnapshotFacts back = taken.with(new Life.Live(Optional.of(NOW))).facts();

    assertEquals("expire", outcome(NOW, newest, taken.facts()));
    assertEquals("within", outcome(NOW, newest, back));
    Instant later = NOW.plus(Duration.ofDays(3));
    assertEquals("expire", outcome(later, Taken.scheduled(1, later).facts(), back));
  }

  @Test
  void shouldDropAtTheEndOfTheUndoAndNotBefore() {
    SnapshotFacts newest = Taken.scheduled(1, NOW).facts();
    Taken gone =
        Taken.scheduled(2, NOW.minus(UNDO))
            .with(Life.Live.NEW.delete(NOW, UNDO, Life.Cause.OPERATOR));
    Instant end = NOW.plus(UNDO);

    assertEquals("await", outcome(end.minusMillis(1), newest, gone.facts()));
    assertEquals("drop", outcome(end, newest, gone.facts()));
    assertEquals("await", outcome(end, newest, gone.held("case 12").facts()));
  }

  @Test
  void shouldNotEndAnUndoByADoubtedClock() {
    SnapshotFacts gone =
        Taken.scheduled(2, NOW).with(new Life.Deleted(NOW, Life.Cause.OPERATOR)).facts();
    Situation doubted = Situations.doubtedAt(NOW.plus(Duration.ofDays(3_652)));
    RetentionPlan plan = RetentionPlan.of(RULES, doubted, List.of(gone)::forEach);

    assertEquals(new Decision.Drop(), plan.judge(gone));
    assertEquals(new Decision.Await(NOW), plan.decide(gone));
  }

  private static String outcome(Instant now, SnapshotFacts newest, SnapshotFacts asked) {
    List<SnapshotFacts> history = List.of(newest, asked);
    RetentionPlan plan = RetentionPlan.of(RULES, Situations.at(now), history::forEach);
    return ExampleTable.outcome(plan.judge(asked));
  }
}
