package io.holdfast.coordinator.watch;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.alarm.AlarmSource;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.ingest.HostQuotas;
import io.holdfast.coordinator.ingest.VaultRoom;
import io.holdfast.coordinator.metrics.CertificateLife;
import io.holdfast.coordinator.people.Approvals;
import io.holdfast.coordinator.proof.SnapshotHealth;
import io.holdfast.coordinator.prune.ClockKeeper;
import io.holdfast.coordinator.prune.PruneRounds;
import io.holdfast.coordinator.sweep.Sweeper;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
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

  /** Hosts that fill their quota, or nearly; {@code names} is what people call them. */
  public void addQuotas(HostQuotas quotas, Function<HostId, String> names) {
    all.add(new QuotaAlarms(quotas::nearlyFilled, names));
  }

  /**
   * Hosts whose facts wait for a person, and since when; {@code names} is what people call them.
   */
  public void addFacts(Supplier<Map<HostId, Instant>> waiting, Function<HostId, String> names) {
    all.add(new FactsAlarms(waiting, names));
  }

  /** What keeps snapshots that the rules let go. */
  public void addRetention(PruneRounds rounds, ClockKeeper clock) {
    all.add(new RetentionAlarms(rounds::frozen, clock::doubt));
  }

  /** What sweeps leave. */
  public void addSweeps(Sweeper sweeper) {
    all.add(new SweepAlarms(sweeper::waiting));
  }

  /** Acts that wait for somebody. */
  public void addApprovals(Approvals approvals) {
    all.add(new ApprovalAlarms(() -> approvals.list(false, ApprovalAlarms.LISTED_MAX)));
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

  /** What is in the vault and isn't read again {@code within} that time. */
  public void addRereading(Supplier<CatalogView> views, Duration within) {
    all.add(new RereadAlarms(views, within));
  }
}
