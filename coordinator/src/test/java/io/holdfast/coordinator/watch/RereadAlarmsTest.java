package io.holdfast.coordinator.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.coordinator.alarm.Alarm;
import io.holdfast.coordinator.alarm.AlarmChange;
import io.holdfast.coordinator.alarm.AlarmKind;
import io.holdfast.coordinator.alarm.Board;
import io.holdfast.coordinator.alarm.Severity;
import io.holdfast.coordinator.proof.DataActivity;
import io.holdfast.coordinator.proof.ProofConfig;
import io.holdfast.coordinator.proof.Rereading;
import io.holdfast.coordinator.testkit.TestHost;
import io.holdfast.coordinator.testkit.TestRepository;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Readings and their alarm, over a real catalog and real packs. */
class RereadAlarmsTest {
  private static final Duration WITHIN = Duration.ofDays(10);

  private final TestRepository repository = TestRepository.begun(9);
  private final TestHost alice = TestHost.enrol(repository, "alice");
  private final RereadAlarms alarms = new RereadAlarms(repository::view, WITHIN);
  private final Board board = new Board(List.of());
  private final Rereading rereading =
      new Rereading(
          repository.proof(),
          ProofConfig.defaults(),
          WITHIN,
          repository.time(),
          new DataActivity(repository.time()));

  private List<String> news() {
    return board.take(alarms.kinds(), alarms.look(repository.time().now())).stream()
        .map(RereadAlarmsTest::word)
        .toList();
  }

  private static String word(AlarmChange change) {
    return change.event().word() + " " + change.alarm().kind().word();
  }

  private void pass(Duration time) {
    repository.time().advance(time);
  }

  @Test
  void shouldHaveNothingToSayOfAnEmptyVault() {
    pass(WITHIN.multipliedBy(2));
    assertEquals(List.of(), news());
  }

  @Test
  void shouldTellOnceThatReadingIsLateAndOnceThatItIsNot() throws Exception {
    alice.backup().file("etc/a", "first").commit();
    pass(WITHIN);
    assertEquals(List.of(), news());
    pass(Duration.ofMinutes(1));
    assertEquals(List.of("raised reread_overdue"), news());
    Alarm alarm = board.up().getFirst();
    assertEquals(AlarmKind.REREAD_OVERDUE, alarm.kind());
    assertEquals(Severity.WARNING, alarm.severity());
    assertTrue(alarm.summary().contains("written, and not read since"), alarm::summary);
    assertTrue(alarm.summary().contains("10d of proof.reread_within"), alarm::summary);
    pass(Duration.ofDays(1));
    assertEquals(List.of(), news(), "later still, and no news");
    rereading.poll();
    assertEquals(List.of("resolved reread_overdue"), news());
    pass(WITHIN.plusMinutes(1));
    news();
    assertTrue(board.up().getFirst().summary().contains(" was read at "));
  }

  @Test
  void shouldStayQuietWhileEverythingIsReadInTime() throws Exception {
    alice.backup().file("etc/a", "first").commit();
    for (int day = 0; day < 30; day++) {
      pass(Duration.ofDays(1));
      rereading.poll();
      assertEquals(List.of(), news(), "day " + day);
    }
  }

  @Test
  void shouldTellWhatCannotBeReadNow() throws Exception {
    alice.backup().file("etc/a", "first").commit();
    repository.vault().failReads(1_000);
    pass(WITHIN.plusMinutes(1));
    rereading.poll();
    assertEquals(List.of("raised reread_overdue"), news());
    repository.vault().failReads(0);
    pass(Duration.ofHours(1));
    rereading.poll();
    assertEquals(List.of("resolved reread_overdue"), news());
  }
}
