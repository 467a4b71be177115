package io.holdfast.coordinator.watch;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.alarm.Affected;
import io.holdfast.coordinator.alarm.Alarm;
import io.holdfast.coordinator.alarm.AlarmKind;
import io.holdfast.coordinator.alarm.AlarmSource;
import io.holdfast.coordinator.alarm.Look;
import io.holdfast.coordinator.alarm.Severity;
import io.holdfast.coordinator.ingest.VaultRoom;
import io.holdfast.coordinator.metrics.CertificateLife;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What ails this coordinator, its vault or its journal. One kind each.
 *
 * @param kind the only one it raises
 * @param finds what is wrong now
 */
record OwnAlarms(AlarmKind kind, Function<Instant, Look> finds) implements AlarmSource {
  /** Hosts tell what they have seen when they connect, and they need that long after a start. */
  private static final Duration RECONNECTED = Duration.ofMinutes(10);

  @Override
  public Set<AlarmKind> kinds() {
    return Set.of(kind);
  }

  @Override
  public Look look(Instant now) {
    return finds.apply(now);
  }

  private static Look found(Optional<Alarm> alarm) {
    return Look.certain(alarm.stream().toList());
  }

  static OwnAlarms vaultRoom(VaultRoom room) {
    return new OwnAlarms(
        AlarmKind.VAULT_ROOM,
        now ->
            found(
                room.shortage()
                    .map(shortage ->
                        new Alarm(
                            AlarmKind.VAULT_ROOM,
                            "vault",
                            shortage.full() ? Severity.ALARM : Severity.WARNING,
                            "",
                            now,
                            shortage.summary(),
                            shortage.nextStep(),
                            Affected.NONE))));
  }

  /** Those below the issuing CA renew themselves, long before this says anything. */
  static OwnAlarms certificates(Supplier<List<CertificateLife>> certificates) {
    return new OwnAlarms(
        AlarmKind.CERTIFICATE_EXPIRING,
        now ->
            Look.certain(
                certificates.get().stream()
                    .filter(certificate -> certificate.runsOut(now))
                    .map(certificate -> certificate(certificate, now))
                    .toList()));
  }

  private static Alarm certificate(CertificateLife certificate, Instant now) {
    boolean over = now.isAfter(certificate.until());
    return new Alarm(
        AlarmKind.CERTIFICATE_EXPIRING,
        certificate.name(),
        over ? Severity.ALARM : Severity.WARNING,
        "",
        now,
        "the "
            + certificate.name()
            + " certificate "
            + (over ? "ran out at " : "runs out at ")
            + certificate.until()
            + ", and none below it can last longer",
        switch (certificate.name()) {
          case "issuing CA" ->
              "make a new one with the fleet root's key: holdfast key rotate issuing-ca";
          case "fleet root" ->
              "make a new one while this one is good, with its key: holdfast key rotate root";
          default -> "see this coordinator's log";
        },
        Affected.NONE);
  }

  static OwnAlarms journal(Supplier<Optional<HoldfastException>> blocked) {
    return new OwnAlarms(
        AlarmKind.JOURNAL_BLOCKED,
        now ->
            found(
                blocked
                    .get()
                    .map(why ->
                        new Alarm(
                            AlarmKind.JOURNAL_BLOCKED,
                            "journal",
                            Severity.ALARM,
                            why.code().name(),
                            now,
                            "the journal can't be followed, "
                                + why.code()
                                + ": "
                                + why.getMessage(),
                            "nobody is served until it is healed; see this coordinator's log",
                            Affected.NONE))));
  }

  /**
   * Records that hosts have seen and this journal lacks.
   *
   * @param hosts those connected that say so
   * @param began when this coordinator started
   */
  static OwnAlarms lostRecords(Supplier<List<HostId>> hosts, Instant began) {
    return new OwnAlarms(
        AlarmKind.RECORDS_LOST,
        now -> {
          List<HostId> seen = hosts.get();
          return seen.isEmpty()
              ? new Look(List.of(), now.isAfter(began.plus(RECONNECTED)))
              : Look.certain(List.of(lostRecords(seen, now)));
        });
  }

  private static Alarm lostRecords(List<HostId> hosts, Instant now) {
    return new Alarm(
        AlarmKind.RECORDS_LOST,
        "journal",
        Severity.ALARM,
        "",
        now,
        hosts.size()
            + (hosts.size() == 1 ? " host has" : " hosts have")
            + " seen records that this vault's journal does not hold, "
            + hosts.getFirst()
            + " among them: the vault was set back or exchanged",
        "bring the newer one back",
        Affected.NONE);
  }
}
