package io.holdfast.coordinator.watch;

import io.holdfast.common.unit.Durations;
import io.holdfast.coordinator.alarm.Affected;
import io.holdfast.coordinator.alarm.Alarm;
import io.holdfast.coordinator.alarm.AlarmKind;
import io.holdfast.coordinator.alarm.AlarmSource;
import io.holdfast.coordinator.alarm.Look;
import io.holdfast.coordinator.alarm.Severity;
import io.holdfast.coordinator.proof.ProofMeter;
import io.holdfast.coordinator.proof.SnapshotHealth;
import io.holdfast.proto.stored.v1.LossCause;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is wrong with what is stored: snapshots that lack something, and proofs that don't come.
 * Listens to the prover, which counts what waits; until it has, nothing is called off. Any thread.
 */
public final class ProofAlarms implements ProofMeter {
  /** What the prover said last. */
  private record Backlog(long due, long oldestMillis) {}

  private final ProofMeter meter;
  private volatile Optional<Backlog> backlog = Optional.empty();

  /** Hands everything on to {@code meter}. */
  public ProofAlarms(ProofMeter meter) {
    this.meter = meter;
  }

  @Override
  public void good(long sealedBytes) {
    meter.good(sealedBytes);
  }

  @Override
  public void bad(LossCause cause) {
    meter.bad(cause);
  }

  @Override
  public void untold() {
    meter.untold();
  }

  @Override
  public void backlog(long unproven, long snapshots, long oldestMillis) {
    backlog = Optional.of(new Backlog(unproven, oldestMillis));
    meter.backlog(unproven, snapshots, oldestMillis);
  }

  /**
   * Snapshots known to be damaged. After a start they are found by reading them again: while any
   * waits for that, "none is known" doesn't mean that none is.
   */
  AlarmSource damaged(SnapshotHealth health) {
    return new AlarmSource() {
      @Override
      public Set<AlarmKind> kinds() {
        return Set.of(AlarmKind.SNAPSHOTS_DAMAGED);
      }

      @Override
      public Look look(Instant now) {
        int damaged = health.damagedCount();
        boolean allRead = backlog.filter(known -> known.due() == 0).isPresent();
        return damaged == 0
            ? new Look(List.of(), allRead)
            : Look.certain(List.of(damagedAlarm(damaged, now)));
      }
    };
  }

  private static Alarm damagedAlarm(int damaged, Instant now) {
    return new Alarm(
        AlarmKind.SNAPSHOTS_DAMAGED,
        "vault",
        Severity.ALARM,
        "",
        now,
        damaged + (damaged == 1 ? " snapshot lacks" : " snapshots lack") + " chunks that are lost",
        "run a backup of the hosts, which stores again what they still have, then see:"
            + " holdfast snapshot ls",
        Affected.NONE);
  }

  /**
   * Snapshots that wait for longer than {@code within}. Damaged ones wait for ever and are told
   * apart.
   */
  AlarmSource overdue(SnapshotHealth health, Duration within) {
    return new AlarmSource() {
      @Override
      public Set<AlarmKind> kinds() {
        return Set.of(AlarmKind.PROOF_OVERDUE);
      }

      @Override
      public Look look(Instant now) {
        return backlog
            .map(known -> isLate(known, health, within, now) ? late(known, within) : Look.NOTHING)
            .orElse(Look.UNKNOWN);
      }
    };
  }

  private static boolean isLate(
      Backlog known, SnapshotHealth health, Duration within, Instant now) {
    return known.due() > health.damagedCount()
        && known.oldestMillis() != 0
        && now.isAfter(Instant.ofEpochMilli(known.oldestMillis()).plus(within));
  }

  private static Look late(Backlog known, Duration within) {
    Instant oldest = Instant.ofEpochMilli(known.oldestMillis());
    return Look.certain(
        List.of(
            new Alarm(
                AlarmKind.PROOF_OVERDUE,
                "vault",
                Severity.WARNING,
                "",
                oldest.plus(within),
                known.due()
                    + " snapshots wait to be proven, the oldest since "
                    + oldest
                    + ", longer than the "
                    + Durations.exact(within)
                    + " of alarms.proof_within",
                "raise proof.rate_limit, or lower proof.deadline; the coordinator's log says what"
                    + " can't be read",
                Affected.NONE)));
  }
}
