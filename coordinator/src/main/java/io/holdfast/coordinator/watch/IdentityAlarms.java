package io.holdfast.coordinator.watch;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.id.HostId;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.alarm.Affected;
import io.holdfast.coordinator.alarm.Alarm;
import io.holdfast.coordinator.alarm.AlarmKind;
import io.holdfast.coordinator.alarm.Incidents;
import io.holdfast.coordinator.alarm.Severity;
import io.holdfast.coordinator.fleet.FleetMeter;
import io.holdfast.proto.wire.v1.JobOutcome;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes alarms of signs that an identity was stolen or copied. Any thread. */
public final class IdentityAlarms implements FleetMeter {
  private static final Logger LOG = LoggerFactory.getLogger(IdentityAlarms.class);

  private final FleetMeter meter;
  private final Incidents incidents;
  private final Time time;
  private volatile UnaryOperator<String> names = id -> "";

  /** Hands everything on to {@code meter}. */
  public IdentityAlarms(FleetMeter meter, Incidents incidents, Time time) {
    this.meter = meter;
    this.incidents = incidents;
    this.time = time;
  }

  /** What people call hosts, by their ids. */
  public void nameBy(UnaryOperator<String> newNames) {
    names = newNames;
  }

  @Override
  public void enrolled() {
    meter.enrolled();
  }

  @Override
  public void renewed() {
    meter.renewed();
  }

  @Override
  public void refused(ErrorCode code) {
    meter.refused(code);
  }

  @Override
  public void tokenReused(Optional<HostId> letIn) {
    meter.tokenReused(letIn);
    String host = letIn.map(HostId::toString).orElse("");
    String who = host.isEmpty() ? "a host that isn't known any more" : shown(host);
    note(
        AlarmKind.TOKEN_REUSED,
        host,
        "an enrolment token was used a second time, by somebody else than "
            + who
            + ", which it"
            + " let in",
        "if that host isn't yours, revoke it; find out who else had the token");
  }

  @Override
  public void cloneRefused(HostId host) {
    meter.cloneRefused(host);
    note(
        AlarmKind.HOST_CLONED,
        host.toString(),
        "the identity of "
            + shown(host.toString())
            + " is in use twice at one time: the machine was cloned, or its keys were copied; the"
            + " second stream is refused",
        "enrol the clone with a token of its own, or revoke the host");
  }

  private String shown(String host) {
    String name = name(host);
    return "host " + (name.isEmpty() ? host : name + " (" + host + ")");
  }

  private String name(String host) {
    try {
      return host.isEmpty() ? "" : HostWords.printable(names.apply(host));
    } catch (RuntimeException e) {
      LOG.debug("no name for host {}", host, e); // an alarm without it is better than none
      return "";
    }
  }

  private void note(AlarmKind kind, String host, String summary, String nextStep) {
    Affected affected = host.isEmpty() ? Affected.NONE : Affected.host(host, name(host));
    String subject = host.isEmpty() ? "token" : host;
    incidents.note(
        new Alarm(kind, subject, Severity.ALARM, "", time.now(), summary, nextStep, affected));
  }

  @Override
  public void runBegun(Duration late) {
    meter.runBegun(late);
  }

  @Override
  public void backupFailed() {
    meter.backupFailed();
  }

  @Override
  public void restoreEnded(JobOutcome outcome, long bytes, Duration took) {
    meter.restoreEnded(outcome, bytes, took);
  }

  @Override
  public void callsEnded(int calls) {
    meter.callsEnded(calls);
  }
}
