package io.holdfast.coordinator.notify;

import io.holdfast.coordinator.alarm.Affected;
import io.holdfast.coordinator.alarm.Alarm;
import io.holdfast.coordinator.alarm.AlarmChange;
import io.holdfast.coordinator.alarm.AlarmChange.Event;
import io.holdfast.coordinator.alarm.AlarmKind;
import io.holdfast.coordinator.alarm.Severity;
import java.time.Instant;
import java.util.List;

/** Notices in few words. */
final class Notices {
  static final Instant MONDAY = Instant.parse("2026-03-02T00:00:00Z");
  static final Sender SENDER = new Sender("f".repeat(32), "c".repeat(32));

  private Notices() {}

  static Alarm overdue(String name) {
    return new Alarm(
        AlarmKind.HOST_OVERDUE,
        name + "/nightly",
        Severity.ALARM,
        "",
        MONDAY,
        name + " is overdue: \u00fcberf\u00e4llig \"so\"",
        "look there",
        new Affected("a".repeat(32), name, "nightly"));
  }

  static AlarmChange change(Event event, String name) {
    return new AlarmChange(event, overdue(name));
  }

  static Notice notice(AlarmChange... changes) {
    return new Notice("0123456789abcdef".repeat(2), MONDAY, List.of(changes), 0);
  }
}
