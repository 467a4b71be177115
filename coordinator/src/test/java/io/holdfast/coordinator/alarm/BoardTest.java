package io.holdfast.coordinator.alarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.coordinator.alarm.AlarmChange.Event;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoardTest {
  private static final Set<AlarmKind> OVERDUE = Set.of(AlarmKind.HOST_OVERDUE);
  private static final Instant MONDAY = Instant.parse("2026-03-02T00:00:00Z");

  private final Board board = new Board(List.of());

  private static Alarm alarm(String subject, Severity severity, String shape, Instant since) {
    return new Alarm(
        AlarmKind.HOST_OVERDUE,
        subject,
        severity,
        shape,
        since,
        "it is late",
        "look",
        Affected.NONE);
  }

  private static Alarm alarm(String subject) {
    return alarm(subject, Severity.ALARM, "", MONDAY);
  }

  private List<Event> take(Alarm... alarms) {
    return board.take(OVERDUE, Look.certain(List.of(alarms))).stream()
        .map(AlarmChange::event)
        .toList();
  }

  @Test
  void shouldTellOncePerChangeOfState() {
    assertEquals(List.of(Event.RAISED), take(alarm("a")));
    assertEquals(List.of(), take(alarm("a")));
    assertEquals(List.of(Event.RAISED), take(alarm("a"), alarm("b")));
    assertEquals(List.of(Event.RESOLVED), take(alarm("b")));
    assertEquals(List.of(Event.RESOLVED), take());
    assertEquals(List.of(), board.up());
  }

  @Test
  void shouldTellAnotherSeverityOrShapeAndNotAnotherText() {
    take(alarm("a"));
    Alarm worded =
        new Alarm(
            AlarmKind.HOST_OVERDUE,
            "a",
            Severity.ALARM,
            "",
            MONDAY,
            "it is later",
            "look",
            Affected.NONE);
    assertEquals(List.of(), take(worded));
    assertEquals("it is later", board.up().getFirst().summary());
    assertEquals(List.of(Event.CHANGED), take(alarm("a", Severity.WARNING, "", MONDAY)));
    assertEquals(List.of(Event.CHANGED), take(alarm("a", Severity.WARNING, "other", MONDAY)));
  }

  @Test
  void beginningsDontMoveForward() {
    take(alarm("a"));
    take(alarm("a", Severity.ALARM, "", MONDAY.plusSeconds(60)));
    assertEquals(MONDAY, board.up().getFirst().since());
    take(alarm("a", Severity.ALARM, "", MONDAY.minusSeconds(60)));
    assertEquals(MONDAY.minusSeconds(60), board.up().getFirst().since());
  }

  @Test
  void shouldCallNothingOffWhileASourceCantTell() {
    take(alarm("a"), alarm("b"));
    assertEquals(List.of(), board.take(OVERDUE, Look.UNKNOWN));
    assertEquals(List.of(), board.take(OVERDUE, new Look(List.of(alarm("b")), false)));
    assertEquals(List.of(), board.take(Set.of(AlarmKind.HOST_AWAY), Look.NOTHING));
    assertEquals(2, board.up().size());
  }

  @Test
  void shouldGoOnFromWhatWasUpBefore() {
    Board later = new Board(List.of(alarm("a"), alarm("b")));
    List<AlarmChange> changes = later.take(OVERDUE, Look.certain(List.of(alarm("b"), alarm("c"))));
    assertEquals(
        List.of(
            new AlarmChange(Event.RAISED, alarm("c")), new AlarmChange(Event.RESOLVED, alarm("a"))),
        changes);
  }

  @Test
  void shouldTakeNoAlarmOfAnotherSource() {
    Look look = Look.certain(List.of(alarm("a")));
    assertThrows(
        IllegalArgumentException.class, () -> board.take(Set.of(AlarmKind.VAULT_ROOM), look));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whoeverFollowsAllChangesHasTheBoard(long seed) {
    Random random = new Random(seed);
    Map<Alarm.Key, Alarm> followed = new HashMap<>();
    for (int round = 0; round < 500; round++) {
      List<Alarm> found =
          Stream.of("a", "b", "c", "d")
              .filter(subject -> random.nextBoolean())
              .map(subject ->
                  alarm(
                      subject,
                      random.nextBoolean() ? Severity.ALARM : Severity.WARNING,
                      "s" + random.nextInt(2),
                      MONDAY))
              .toList();
      for (AlarmChange change : board.take(OVERDUE, new Look(found, random.nextInt(4) > 0))) {
        Alarm before = followed.get(change.alarm().key());
        switch (change.event()) {
          case RAISED -> assertEquals(null, before, "seed " + seed);
          case CHANGED, RESOLVED -> assertEquals(false, before == null, "seed " + seed);
        }
        if (change.event() == Event.RESOLVED) {
          followed.remove(change.alarm().key());
        } else {
          followed.put(change.alarm().key(), change.alarm());
        }
      }
      assertEquals(Set.copyOf(board.up()), Set.copyOf(followed.values()), "seed " + seed);
    }
  }
}
