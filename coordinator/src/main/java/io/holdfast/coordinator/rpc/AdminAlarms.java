package io.holdfast.coordinator.rpc;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.rpc.RpcErrors;
import io.holdfast.coordinator.absence.AbsenceReport;
import io.holdfast.coordinator.absence.HostState;
import io.holdfast.coordinator.alarm.Alarm;
import io.holdfast.coordinator.alarm.AlarmKind;
import io.holdfast.coordinator.alarm.Severity;
import io.holdfast.coordinator.notify.Notifier;
import io.holdfast.coordinator.watch.Standing;
import io.holdfast.coordinator.watch.Watch;
import io.holdfast.proto.wire.v1.AlarmSeverity;
import io.holdfast.proto.wire.v1.Host;
import io.holdfast.proto.wire.v1.Protection;
import io.holdfast.proto.wire.v1.ProtectionTotals;
import io.holdfast.proto.wire.v1.StatusAnswer;
import io.holdfast.proto.wire.v1.TestedChannel;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The Admin calls about alarms, without gRPC around them. Any thread; calls block. */
public final class AdminAlarms {
  private static final int LISTED_MAX = 200;

  /** Those about the coordinator itself and what it stores, which are among the warnings too. */
  private static final Set<AlarmKind> OWN =
      Set.of(
          AlarmKind.VAULT_ROOM,
          AlarmKind.CERTIFICATE_EXPIRING,
          AlarmKind.RECORDS_LOST,
          AlarmKind.CLOCK_DOUBTED,
          AlarmKind.RETENTION_FROZEN,
          AlarmKind.SWEEP_WAITING,
          AlarmKind.SNAPSHOTS_DAMAGED);

  private final Watch watch;
  private final Notifier notifier;

  public AdminAlarms(Watch watch, Notifier notifier) {
    this.watch = watch;
    this.notifier = notifier;
  }

  /** Fills in what is wrong, and how the hosts are protected. */
  public void addStatus(StatusAnswer.Builder status) {
    Standing standing = watch.now();
    status
        .setAlarmsUp(standing.count(Severity.ALARM))
        .setWarningsUp(standing.count(Severity.WARNING));
    standing.alarms().stream()
        .limit(LISTED_MAX)
        .map(AdminAlarms::message)
        .forEach(status::addAlarms);
    standing.alarms().stream()
        .filter(alarm -> OWN.contains(alarm.kind()))
        .map(Alarm::line)
        .forEach(status::addWarnings);
    standing.report().map(AdminAlarms::totals).ifPresent(status::setProtection);
  }

  private static io.holdfast.proto.wire.v1.Alarm message(Alarm alarm) {
    return io.holdfast.proto.wire.v1.Alarm.newBuilder()
        .setKind(alarm.kind().word())
        .setSeverity(severity(alarm.severity()))
        .setSinceMillis(alarm.since().toEpochMilli())
        .setSummary(alarm.summary())
        .setNextStep(alarm.nextStep())
        .setHost(
            alarm.affected().host().isEmpty()
                ? ByteString.EMPTY
                : ByteString.copyFrom(HostId.parse(alarm.affected().host()).toByteArray()))
        .setHostName(alarm.affected().hostName())
        .setPolicy(alarm.affected().policy())
        .build();
  }

  private static AlarmSeverity severity(Severity severity) {
    return switch (severity) {
      case WARNING -> AlarmSeverity.ALARM_SEVERITY_WARNING;
      case ALARM -> AlarmSeverity.ALARM_SEVERITY_ALARM;
    };
  }

  private static ProtectionTotals totals(AbsenceReport report) {
    return ProtectionTotals.newBuilder()
        .setProtected(report.count(io.holdfast.coordinator.absence.Protection.PROTECTED))
        .setAwaited(report.count(io.holdfast.coordinator.absence.Protection.AWAITED))
        .setOverdue(report.count(io.holdfast.coordinator.absence.Protection.OVERDUE))
        .setNever(report.count(io.holdfast.coordinator.absence.Protection.NEVER))
        .setNothing(report.count(io.holdfast.coordinator.absence.Protection.NOTHING))
        .setAway(report.countAway())
        .setRestoresTooSlow(report.countRestoresTooSlow())
        .setRestoresUnmeasured(report.countRestoresUnmeasured())
        .build();
  }

  /** Hands hosts on to {@code out} with how they are protected. */
  public Consumer<Host> protecting(Consumer<Host> out) {
    Optional<AbsenceReport> report = watch.now().report();
    return host -> out.accept(report.map(seen -> protecting(seen, host)).orElse(host));
  }

  private static Host protecting(AbsenceReport report, Host host) {
    Optional<HostState> state = report.host(HostId.of(host.getHost().toByteArray()));
    if (state.isEmpty()) {
      return host; // revoked: nobody expects anything
    }
    Host.Builder out = host.toBuilder().setProtection(word(state.get()));
    state.get().since().ifPresent(since -> out.setProtectionSinceMillis(since.toEpochMilli()));
    return out.build();
  }

  private static Protection word(HostState state) {
    return switch (state.protection()) {
      case PROTECTED -> Protection.PROTECTION_PROTECTED;
      case AWAITED -> Protection.PROTECTION_AWAITED;
      case OVERDUE -> Protection.PROTECTION_OVERDUE;
      case NEVER -> Protection.PROTECTION_NEVER;
      case NOTHING -> Protection.PROTECTION_NOTHING;
    };
  }

  /** Sends a test over each channel. INVALID_CONFIGURATION if there is none. */
  public void testNotifications(Consumer<TestedChannel> out) throws InterruptedException {
    List<Notifier.Tested> tested = notifier.test();
    if (tested.isEmpty()) {
      throw new HoldfastException(
          ErrorCode.INVALID_CONFIGURATION,
          "nobody is told of alarms: no channel is configured; see \"notifications\" in"
              + " coordinator.yaml (holdfast config example coordinator)");
    }
    tested.stream().map(AdminAlarms::message).forEach(out);
  }

  private static TestedChannel message(Notifier.Tested tested) {
    TestedChannel.Builder message =
        TestedChannel.newBuilder().setChannel(tested.channel()).setTarget(tested.target());
    tested.error().map(RpcErrors::detail).ifPresent(message::setError);
    return message.build();
  }
}
