package io.holdfast.coordinator.watch;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.alarm.AlarmSource;
import io.holdfast.coordinator.ingest.VaultRoom;
import io.holdfast.coordinator.metrics.CertificateLife;
import io.holdfast.coordinator.proof.SnapshotHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The sources of alarms beside absence, as far as there is something to look at. One thread. */
public final class WatchSources {
  private final List<AlarmSource> all = new ArrayList<>();

  public List<AlarmSource> all() {
    return List.copyOf(all);
  }

  public void addVault(VaultRoom room) {
    all.add(OwnAlarms.vaultRoom(room));
  }

  /** Certificates that this coordinator depends on. */
  public void addCertificates(Supplier<List<CertificateLife>> certificates) {
    all.add(OwnAlarms.certificates(certificates));
  }

  /** Why the journal can't be followed, if it can't. */
  public void addJournal(Supplier<Optional<HoldfastException>> blocked) {
    all.add(OwnAlarms.journal(blocked));
  }

  /** Connected hosts that saw records which the journal lacks; {@code began} is the start. */
  public void addLostRecords(Supplier<List<HostId>> hosts, Instant began) {
    all.add(OwnAlarms.lostRecords(hosts, began));
  }

  /** Damage, and proofs that don't come {@code within}; empty where nobody proves. */
  public void addProof(ProofAlarms proofs, SnapshotHealth health, Optional<Duration> within) {
    all.add(proofs.damaged(health));
    within.map(each -> proofs.overdue(health, each)).ifPresent(all::add);
  }
}
