package io.holdfast.coordinator.notify;

import io.holdfast.coordinator.alarm.Alarm;
import io.holdfast.coordinator.alarm.AlarmChange;
import io.holdfast.coordinator.alarm.AlarmChange.Event;
import io.holdfast.coordinator.alarm.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A notice as plain text. */
final class NoticeMail {
  private static final int SUBJECT_MAX = 120;

  private NoticeMail() {}

  static String subject(Notice notice) {
    if (notice.isTest()) {
      return "[holdfast] test";
    }
    if (notice.changes().size() == 1) {
      AlarmChange only = notice.changes().getFirst();
      return "[holdfast] " + word(only) + ": " + shortened(only.alarm().summary());
    }
    List<String> counts = new ArrayList<>();
    for (Event event : Event.values()) {
      long count = notice.changes().stream().filter(each -> each.event() == event).count();
      if (count > 0) {
        counts.add(count + " " + event.word());
      }
    }
    return "[holdfast] alarms: " + String.join(", ", counts);
  }

  private static String word(AlarmChange change) {
    return change.event() == Event.RESOLVED
        ? "resolved"
        : change.alarm().severity() == Severity.ALARM ? "ALARM" : "warning";
  }

  private static String shortened(String text) {
    return text.length() <= SUBJECT_MAX ? text : text.substring(0, SUBJECT_MAX - 3) + "...";
  }

  static String text(Notice notice, Sender sender) {
    StringBuilder out = new StringBuilder();
    if (notice.isTest()) {
      out.append("This is a test: mails from this coordinator arrive.\n");
    }
    if (notice.dropped() > 0) {
      out.append(notice.dropped())
          .append(" earlier notices could not be delivered for too long and were given up;")
          .append(" see what is up now: holdfast status\n\n");
    }
    out.append(notice.changes().stream().map(NoticeMail::text).collect(Collectors.joining("\n")));
    return out.append("\n-- \nholdfast coordinator ")
        .append(sender.coordinator())
        .append(" of fleet ")
        .append(sender.fleet())
        .append(", notice ")
        .append(notice.id())
        .append("\n")
        .toString();
  }

  private static String text(AlarmChange change) {
    Alarm alarm = change.alarm();
    String what = word(change) + " (" + alarm.kind().word() + "): " + alarm.summary() + "\n";
    return change.event() == Event.RESOLVED
        ? what
        : what + "  since " + alarm.since() + "\n  next: " + alarm.nextStep() + "\n";
  }
}
