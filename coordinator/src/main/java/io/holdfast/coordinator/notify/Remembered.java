package io.holdfast.coordinator.notify;

import io.holdfast.coordinator.alarm.Alarm;
import io.holdfast.coordinator.alarm.Incident;
import java.util.List;
import java.util.Map;

/**
 * What a coordinator knows from before it was stopped.
 *
 * @param up alarms
 * @param waiting by channel, in order
 * @param pinged by policy: what a watchdog was told last
 */
public record Remembered(
    List<Alarm> up,
    List<Incident> incidents,
    Map<String, List<Notice>> waiting,
    Map<String, Pinged> pinged) {
  public static final Remembered NOTHING = new Remembered(List.of(), List.of(), Map.of(), Map.of());

  public Remembered {
    up = List.copyOf(up);
    incidents = List.copyOf(incidents);
    waiting = Map.copyOf(waiting);
    pinged = Map.copyOf(pinged);
  }
}
