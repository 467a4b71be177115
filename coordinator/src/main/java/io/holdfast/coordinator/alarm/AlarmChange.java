package io.holdfast.coordinator.alarm;

import java.util.Locale;

/** What became of an alarm. */
public record AlarmChange(Event event, Alarm alarm) {
  /** Raised, changed, resolved. */
  public enum Event {
    RAISED,
    CHANGED,
    RESOLVED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
