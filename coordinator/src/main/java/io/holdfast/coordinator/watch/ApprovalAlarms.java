package io.holdfast.coordinator.watch;

import io.holdfast.coordinator.alarm.Affected;
import io.holdfast.coordinator.alarm.Alarm;
import io.holdfast.coordinator.alarm.AlarmKind;
import io.holdfast.coordinator.alarm.AlarmSource;
import io.holdfast.coordinator.alarm.Look;
import io.holdfast.coordinator.alarm.Severity;
import io.holdfast.coordinator.people.Approval;
import io.holdfast.coordinator.people.ApprovalRule;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Acts that wait for somebody. What they would do isn't said: alarms are sent abroad, and seen by
 * people who may not look into snapshots. Any thread.
 *
 * @param unsettled the newest few
 */
record ApprovalAlarms(Supplier<List<Approval>> unsettled) implements AlarmSource {
  /** Of more than these nobody would read each. */
  static final int LISTED_MAX = 100;

  @Override
  public Set<AlarmKind> kinds() {
    return Set.of(AlarmKind.APPROVAL_WAITING);
  }

  @Override
  public Look look(Instant now) {
    return Look.certain(
        unsettled.get().stream().map(ApprovalAlarms::alarm).flatMap(Optional::stream).toList());
  }

  private static Optional<Alarm> alarm(Approval approval) {
    String id = approval.shortId();
    Instant until = Instant.ofEpochMilli(approval.expiresMillis());
    return switch (approval.state()) {
      case OPEN ->
          alarm(
              approval,
              "open",
              approval.asker()
                  + " wants a second person for "
                  + ApprovalRule.word(approval.kind())
                  + ", until "
                  + until,
              "somebody else looks at it (holdfast approval show "
                  + id
                  + ") and gives or refuses it: holdfast approval give "
                  + id);
      case GIVEN ->
          alarm(
              approval,
              "given",
              "request "
                  + id
                  + " for "
                  + ApprovalRule.word(approval.kind())
                  + " was given, and waits for "
                  + approval.asker()
                  + " until "
                  + until,
              approval.asker() + " runs the same command again");
      case INTERRUPTED ->
          alarm(
              approval,
              "interrupted",
              "request "
                  + id
                  + " of "
                  + approval.asker()
                  + " for "
                  + ApprovalRule.word(approval.kind())
                  + " was begun, and the coordinator stopped before it ended",
              "look what became of it, and ask anew if need be");
      case BEGUN, REFUSED, EXPIRED, CARRIED_OUT, FAILED -> Optional.empty();
    };
  }

  private static Optional<Alarm> alarm(
      Approval approval, String shape, String what, String nextStep) {
    return Optional.of(
        new Alarm(
            AlarmKind.APPROVAL_WAITING,
            approval.id().toString(),
            Severity.WARNING,
            shape,
            Instant.ofEpochMilli(approval.askedMillis()),
            what,
            nextStep,
            Affected.NONE));
  }
}
