package io.holdfast.coordinator.alarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class IncidentsTest {
  private static final Instant MONDAY = Instant.parse("2026-03-02T00:00:00Z");

  private final Incidents incidents = new Incidents();

  private static Alarm cloned(String host, Instant at) {
    return new Alarm(
        AlarmKind.HOST_CLONED,
        host,
        Severity.ALARM,
        "",
        at,
        "in use twice",
        "revoke",
        Affected.host(host, "web"));
  }

  @Test
  void shouldBeShownForADayAfterTheLastTime() {
    incidents.note(cloned("a", MONDAY));
    incidents.note(cloned("a", MONDAY.plus(Duration.ofHours(20))));
    Instant tuesdayNoon = MONDAY.plus(Duration.ofHours(36));
    assertEquals(List.of(cloned("a", MONDAY)), incidents.look(tuesdayNoon).alarms());
    assertEquals(List.of(), incidents.look(MONDAY.plus(Duration.ofHours(45))).alarms());
  }

  @Test
  void shouldGoOnFromBefore() {
    incidents.note(cloned("a", MONDAY));
    Incidents later = new Incidents();
    later.restore(incidents.all());
    assertEquals(incidents.look(MONDAY), later.look(MONDAY));
  }

  @Test
  void shouldKeepTheNewestOfTooMany() {
    for (int n = 0; n <= Incidents.KEPT_MAX; n++) {
      incidents.note(cloned("host " + n, MONDAY.plusSeconds(n)));
    }
    List<Incident> kept = incidents.all();
    assertEquals(Incidents.KEPT_MAX, kept.size());
    assertTrue(kept.stream().noneMatch(each -> each.alarm().subject().equals("host 0")));
  }
}
