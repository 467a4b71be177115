package io.holdfast.coordinator.alarm;

/** How bad it is; the worse, the later. */
public enum Severity {
  /** Will be an alarm if nobody does anything. */
  WARNING,
  /** Something is wrong now. */
  ALARM
}
