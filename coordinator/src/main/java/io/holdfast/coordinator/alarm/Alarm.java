package io.holdfast.coordinator.alarm;

import java.time.Instant;

/**
 * Something that is wrong.
 *
 * @param subject of all that may be wrong in this way, which one; an id rather than a name
 * @param shape what of it is news when it becomes another; never a figure that changes by itself
 * @param since when it began, as far as that is known
 * @param summary one sentence that names the thing
 * @param nextStep what to do about it
 */
public record Alarm(
    AlarmKind kind,
    String subject,
    Severity severity,
    String shape,
    Instant since,
    String summary,
    String nextStep,
    Affected affected) {
  /** Which alarm it is, whatever is said of it. */
  public record Key(AlarmKind kind, String subject) {}

  public Key key() {
    return new Key(kind, subject);
  }

  /** Summary and next step in one line. */
  public String line() {
    return summary + "; " + nextStep;
  }

  boolean isSameState(Alarm other) {
    return severity == other.severity && shape.equals(other.shape);
  }

  Alarm beganAt(Instant earlier) {
    return new Alarm(kind, subject, severity, shape, earlier, summary, nextStep, affected);
  }
}
