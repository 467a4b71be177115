package io.holdfast.coordinator.notify;

import io.holdfast.coordinator.alarm.AlarmChange;
import java.time.Instant;
import java.util.List;

/**
 * One message: what became of some alarms at one time.
 *
 * @param id 32 digits, the same through all attempts over all channels
 * @param changes none for a test
 * @param dropped how many notices before it were given up
 */
public record Notice(String id, Instant time, List<AlarmChange> changes, long dropped) {
  /** So many changes at most; more of one time make more notices. */
  static final int CHANGES_MAX = 500;

  public Notice {
    changes = List.copyOf(changes);
  }

  static Notice test(String id, Instant time) {
    return new Notice(id, time, List.of(), 0);
  }

  boolean isTest() {
    return changes.isEmpty();
  }

  Notice after(long givenUp) {
    return new Notice(id, time, changes, dropped + givenUp);
  }
}
