package io.holdfast.coordinator.node;

import io.holdfast.common.id.HostId;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.absence.AbsencePorts;
import io.holdfast.coordinator.absence.AbsenceReport;
import io.holdfast.coordinator.absence.RestoreForecasts;
import io.holdfast.coordinator.alarm.Alarm;
import io.holdfast.coordinator.alarm.AlarmSource;
import io.holdfast.coordinator.alarm.Incidents;
import io.holdfast.coordinator.fleet.FleetMeter;
import io.holdfast.coordinator.fleet.HostDirectory;
import io.holdfast.coordinator.ingest.VaultRoom;
import io.holdfast.coordinator.job.Jobs;
import io.holdfast.coordinator.job.RestoreSpeeds;
import io.holdfast.coordinator.metrics.AlarmGauges;
import io.holdfast.coordinator.metrics.Metrics;
import io.holdfast.coordinator.notify.MemoryFile;
import io.holdfast.coordinator.notify.Notifier;
import io.holdfast.coordinator.notify.NotifyPorts;
import io.holdfast.coordinator.notify.Sender;
import io.holdfast.coordinator.policy.book.PolicyBook;
import io.holdfast.coordinator.proof.ProofMeter;
import io.holdfast.coordinator.proof.SnapshotHealth;
import io.holdfast.coordinator.rpc.AdminAlarms;
import io.holdfast.coordinator.watch.IdentityAlarms;
import io.holdfast.coordinator.watch.ProofAlarms;
import io.holdfast.coordinator.watch.Watch;
import io.holdfast.coordinator.watch.WatchSources;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How the watch hangs together with the rest. Made before all that reports to it, and {@link
 * #start}ed after all that it looks at.
 */
final class Watching {
  private static final Duration LOOK_ROUND = Duration.ofSeconds(15);
  private static final Duration DELIVERY_ROUND = Duration.ofSeconds(1);

  private final CoordinatorConfig config;
  private final Metrics metrics;
  private final Time time;
  private final Incidents incidents = new Incidents();
  private final IdentityAlarms identities;
  private final ProofAlarms proofs;

  Watching(CoordinatorConfig config, Metrics metrics, Time time) {
    this.config = config;
    this.metrics = metrics;
    this.time = time;
    this.identities = new IdentityAlarms(metrics.fleet(), incidents, time);
    this.proofs = new ProofAlarms(metrics.proof());
  }

  /** Listens at the fleet's door, and has it counted. */
  FleetMeter fleet() {
    return identities;
  }

  /** Listens to the prover, and has it counted. */
  ProofMeter proof() {
    return proofs;
  }

  /**
   * What is looked at.
   *
   * @param sources of alarms that others made, to which those of the node itself are added
   */
  record Seen(
      Repository repository,
      HostDirectory hosts,
      PolicyBook policies,
      Jobs jobs,
      RestoreSpeeds speeds,
      SnapshotHealth health,
      VaultRoom room,
      WatchSources sources) {}

  /** A watch that runs. */
  record Started(Watch watch, Notifier notifier, RestoreForecasts forecasts) {
    AdminAlarms admin() {
      return new AdminAlarms(watch, notifier);
    }

    Optional<AbsenceReport> report() {
      return watch.latest().report();
    }

    List<Alarm> alarms() {
      return watch.latest().alarms();
    }

    Map<String, Integer> waiting() {
      Map<String, Integer> waiting = new LinkedHashMap<>();
      notifier.channels().forEach(channel -> waiting.put(channel, notifier.waiting(channel)));
      return waiting;
    }
  }

  /** Begins to look and to tell; {@code parts} end it. */
  Started start(
      Seen seen, FileSystem fileSystem, Randomness randomness, Consumer<AutoCloseable> parts) {
    identities.nameBy(id -> seen.hosts().get(HostId.parse(id)).name());
    Notifier notifier = notifier(seen.repository(), fileSystem, randomness);
    parts.accept(notifier);
    AbsencePorts absence = absence(seen);
    Watch watch = new Watch(absence, sources(seen), incidents, notifier, time);
    Started started = new Started(watch, notifier, new RestoreForecasts(absence));
    metrics.add(new AlarmGauges(started::alarms, started::waiting));
    for (String channel : notifier.channels()) {
      parts.accept(
          Rounds.start("notify-" + channel, DELIVERY_ROUND, time, () -> notifier.deliver(channel)));
    }
    if (!notifier.pings().isEmpty()) {
      parts.accept(Rounds.start("notify-ping", DELIVERY_ROUND, time, notifier.pings()::deliver));
    }
    parts.accept(Rounds.start("watch", LOOK_ROUND, time, watch::round));
    return started;
  }

  private Notifier notifier(Repository repository, FileSystem fileSystem, Randomness randomness) {
    Sender sender =
        new Sender(repository.issuing.fleet().toString(), repository.identity.id().toString());
    return Notifier.open(
        config.notifications(),
        new MemoryFile(fileSystem, new CoordinatorFiles(config.dataDir()).alarms()),
        new NotifyPorts(sender, time, randomness, metrics.notifications()));
  }

  private AbsencePorts absence(Seen seen) {
    return new AbsencePorts(
        seen.repository().ledger::view,
        seen.hosts(),
        seen.policies(),
        seen.health(),
        seen.repository().mutations,
        seen.jobs()::isConnected,
        config.alarms().hostAway(),
        proofWithin(),
        seen.speeds());
  }

  /** Empty where nobody proves. */
  Optional<Duration> proofWithin() {
    return config.proof().enabled() ? Optional.of(config.alarms().proofWithin()) : Optional.empty();
  }

  private List<AlarmSource> sources(Seen seen) {
    WatchSources sources = seen.sources();
    sources.addVault(seen.room());
    sources.addCertificates(seen.repository().identity::certificates);
    sources.addJournal(seen.repository()::blocked);
    sources.addLostRecords(seen.jobs()::hostsThatSawLostRecords, time.now());
    sources.addProof(proofs, seen.health(), proofWithin());
    sources.addRereading(seen.repository().ledger::view, config.proof().rereadWithin());
    return sources.all();
  }
}
