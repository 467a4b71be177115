package io.holdfast.coordinator.watch;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.absence.Absence;
import io.holdfast.coordinator.absence.AbsencePorts;
import io.holdfast.coordinator.absence.AbsenceReport;
import io.holdfast.coordinator.alarm.Alarm;
import io.holdfast.coordinator.alarm.AlarmChange;
import io.holdfast.coordinator.alarm.AlarmKind;
import io.holdfast.coordinator.alarm.AlarmSource;
import io.holdfast.coordinator.alarm.Board;
import io.holdfast.coordinator.alarm.Incidents;
import io.holdfast.coordinator.alarm.Look;
import io.holdfast.coordinator.notify.Notifier;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks what is wrong, again and again, and tells what became of it. Any thread.
 *
 * <ol>
 *   <li>I1: every alarm is raised, changed and called off here and nowhere else, and each of these
 *       is logged once and told once.
 *   <li>I2: an error of one source leaves its alarms as they are, and the others go on.
 * </ol>
 */
public final class Watch {
  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

  private final FleetAlarms fleet;
  private final List<AlarmSource> others;
  private final Incidents incidents;
  private final Notifier notifier;
  private final Time time;
  private final Board board;
  private Standing latest = Standing.UNKNOWN;

  /**
   * A watch that goes on from where the last one here was stopped.
   *
   * @param others sources beside those of absence and of {@code notifier} and {@code incidents}
   */
  public Watch(
      AbsencePorts ports,
      List<AlarmSource> others,
      Incidents incidents,
      Notifier notifier,
      Time time) {
    this.incidents = incidents;
    this.notifier = notifier;
    this.time = time;
    this.others = new ArrayList<>(others);
    this.others.add(incidents);
    this.others.add(notifier);
    this.board = new Board(notifier.remembered().up());
    Absence absence = new Absence(ports, time.now());
    this.fleet = new FleetAlarms(ports.views(), absence, ports.mutations());
    incidents.restore(notifier.remembered().incidents());
    notifier.remembered().up().stream()
        .filter(alarm -> alarm.kind() == AlarmKind.HOST_AWAY)
        .forEach(alarm -> absence.remember(HostId.parse(alarm.subject()), alarm.since()));
  }

  /** Looks, and has told what became of alarms since the last round. */
  public synchronized void round() {
    Instant now = time.now();
    Optional<FleetAlarms.Around> around = lookAround(now);
    List<AlarmChange> changes = new ArrayList<>(takeAll(board, around, now));
    changes.forEach(Watch::log);
    latest = standing(board, around);
    notifier.tell(changes, board.up(), incidents.all());
    around.ifPresent(seen -> notifier.pings().look(PolicyLook.of(seen)));
  }

  private Optional<FleetAlarms.Around> lookAround(Instant now) {
    try {
      return Optional.of(fleet.lookAround(now));
    } catch (HoldfastException e) {
      LOG.warn("which hosts are overdue can't be told now: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private List<AlarmChange> takeAll(Board to, Optional<FleetAlarms.Around> around, Instant now) {
    List<AlarmChange> changes = new ArrayList<>();
    changes.addAll(
        to.take(fleet.kinds(), around.map(FleetAlarms.Around::look).orElse(Look.UNKNOWN)));
    for (AlarmSource source : others) {
      changes.addAll(to.take(source.kinds(), look(source, now)));
    }
    return changes;
  }

  private static Look look(AlarmSource source, Instant now) {
    try {
      return source.look(now);
    } catch (HoldfastException e) {
      LOG.warn("{} can't be told now: {}", source.kinds(), e.getMessage());
      return Look.UNKNOWN;
    }
  }

  private static Standing standing(Board board, Optional<FleetAlarms.Around> around) {
    List<Alarm> alarms = board.up().stream().sorted(Board.WORST_FIRST).toList();
    Optional<AbsenceReport> report = around.map(FleetAlarms.Around::report);
    return new Standing(report, alarms);
  }

  private static void log(AlarmChange change) {
    Alarm alarm = change.alarm();
    switch (change.event()) {
      case RAISED, CHANGED ->
          LOG.warn(
              "{} {}: {}: {}",
              alarm.severity(),
              change.event().word(),
              alarm.kind().word(),
              alarm.line());
      case RESOLVED ->
          LOG.info("{} resolved: {}: {}", alarm.severity(), alarm.kind().word(), alarm.summary());
    }
  }

  /** How things are now, without telling anybody else. */
  public synchronized Standing now() {
    Instant now = time.now();
    Board copy = new Board(board.up());
    Optional<FleetAlarms.Around> around = lookAround(now);
    takeAll(copy, around, now);
    return standing(copy, around);
  }

  /** How things were at the last round; looks for itself before the first. */
  public synchronized Standing latest() {
    if (latest.report().isEmpty()) {
      latest = now();
    }
    return latest;
  }
}
