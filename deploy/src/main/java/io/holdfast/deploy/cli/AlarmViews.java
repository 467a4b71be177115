package io.holdfast.deploy.cli;

import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.PeopleText;
import io.holdfast.deploy.output.SafeText;
import io.holdfast.proto.wire.v1.Alarm;
import io.holdfast.proto.wire.v1.AlarmSeverity;
import io.holdfast.proto.wire.v1.Host;
import java.time.Instant;
import java.util.List;

/** Alarms, and how hosts are protected, as fields and words. */
final class AlarmViews {
  private AlarmViews() {}

  static Fields fields(Alarm alarm) {
    return new Fields()
        .text("kind", alarm.getKind())
        .text("severity", severity(alarm))
        .time("since", alarm.getSinceMillis())
        .text("summary", alarm.getSummary())
        .text("next_step", alarm.getNextStep())
        .id("host", alarm.getHost())
        .text("host_name", alarm.getHostName())
        .text("policy", alarm.getPolicy());
  }

  private static String severity(Alarm alarm) {
    return switch (alarm.getSeverity()) {
      case ALARM_SEVERITY_WARNING -> "warning";
      case ALARM_SEVERITY_ALARM -> "alarm";
      case ALARM_SEVERITY_UNSPECIFIED, UNRECOGNIZED -> "unknown";
    };
  }

  /** What is wrong and since when; below it what to do. */
  static List<String> lines(Alarm alarm, PeopleText people) {
    String word =
        alarm.getSeverity() == AlarmSeverity.ALARM_SEVERITY_ALARM ? "ALARM" : severity(alarm);
    String since = people.time(Instant.ofEpochMilli(alarm.getSinceMillis()));
    return List.of(
        word + "  " + SafeText.of(alarm.getSummary()) + " (since " + since + ")",
        "  next: " + SafeText.of(alarm.getNextStep()));
  }

  /** As among the warnings. */
  static String line(Alarm alarm) {
    return alarm.getSummary() + "; " + alarm.getNextStep();
  }

  /** Empty where it isn't told: of a revoked host, or by an older coordinator. */
  static String protection(Host host) {
    return switch (host.getProtection()) {
      case PROTECTION_PROTECTED -> "protected";
      case PROTECTION_AWAITED -> "awaited";
      case PROTECTION_OVERDUE -> "OVERDUE";
      case PROTECTION_NEVER -> "NEVER";
      case PROTECTION_NOTHING -> "by NOTHING";
      case PROTECTION_UNSPECIFIED, UNRECOGNIZED -> "";
    };
  }
}
