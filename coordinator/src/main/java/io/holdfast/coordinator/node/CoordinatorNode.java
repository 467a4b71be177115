package io.holdfast.coordinator.node;

import io.holdfast.common.config.HostPort;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.PackId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.identity.Endpoint;
import io.holdfast.common.identity.Fingerprint;
import io.holdfast.common.identity.RootLine;
import io.holdfast.common.identity.TlsContexts;
import io.holdfast.common.key.KeyObject;
import io.holdfast.common.key.PrivateHostKeys;
import io.holdfast.common.sealing.ChunkGenerations;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.audit.AuditTrail;
import io.holdfast.coordinator.audit.JournalVoucher;
import io.holdfast.coordinator.browse.AdminSnapshots;
import io.holdfast.coordinator.browse.AdminVault;
import io.holdfast.coordinator.browse.BrowsePorts;
import io.holdfast.coordinator.browse.Browser;
import io.holdfast.coordinator.browse.HostNames;
import io.holdfast.coordinator.browse.RestorePlans;
import io.holdfast.coordinator.browse.SnapshotNames;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.rebuild.Origin;
import io.holdfast.coordinator.dispatch.Preview;
import io.holdfast.coordinator.dispatch.ScheduleRounds;
import io.holdfast.coordinator.fleet.Enrolments;
import io.holdfast.coordinator.fleet.FleetMeter;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.fleet.HostAuthority;
import io.holdfast.coordinator.fleet.HostDirectory;
import io.holdfast.coordinator.fleet.HostKeys;
import io.holdfast.coordinator.fleet.HostLife;
import io.holdfast.coordinator.fleet.HostMoves;
import io.holdfast.coordinator.fleet.OpenCalls;
import io.holdfast.coordinator.fleet.Quotas;
import io.holdfast.coordinator.fleet.Revocations;
import io.holdfast.coordinator.fleet.SealedHostKeys;
import io.holdfast.coordinator.fleet.SealedKeyStore;
import io.holdfast.coordinator.fleet.Tokens;
import io.holdfast.coordinator.ingest.AskedChunks;
import io.holdfast.coordinator.ingest.BackupSessions;
import io.holdfast.coordinator.ingest.CommitPath;
import io.holdfast.coordinator.ingest.HostQuotas;
import io.holdfast.coordinator.ingest.IngestPorts;
import io.holdfast.coordinator.ingest.Receipts;
import io.holdfast.coordinator.ingest.ReferenceChecks;
import io.holdfast.coordinator.ingest.SnapshotCopyWriter;
import io.holdfast.coordinator.ingest.VaultRoom;
import io.holdfast.coordinator.inspect.VaultInspection;
import io.holdfast.coordinator.job.JobBook;
import io.holdfast.coordinator.job.JobLimits;
import io.holdfast.coordinator.job.JobLogs;
import io.holdfast.coordinator.job.Jobs;
import io.holdfast.coordinator.job.KeyRenewals;
import io.holdfast.coordinator.job.MoveOrders;
import io.holdfast.coordinator.job.Orders;
import io.holdfast.coordinator.job.Patrol;
import io.holdfast.coordinator.job.RestoreSpeeds;
import io.holdfast.coordinator.job.SeenRecords;
import io.holdfast.coordinator.journal.FleetRecordVerifier;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.coordinator.journal.RecordLookup;
import io.holdfast.coordinator.key.HostErasure;
import io.holdfast.coordinator.key.IssuingCaChange;
import io.holdfast.coordinator.key.KeyObjects;
import io.holdfast.coordinator.key.KeyRings;
import io.holdfast.coordinator.key.KeysForRestore;
import io.holdfast.coordinator.key.MasterChange;
import io.holdfast.coordinator.key.PrivateMasterChange;
import io.holdfast.coordinator.key.RootChange;
import io.holdfast.coordinator.leadership.LeadershipState;
import io.holdfast.coordinator.ledger.CheckpointRounds;
import io.holdfast.coordinator.ledger.LedgerCheckpoints;
import io.holdfast.coordinator.ledger.VaultCheckpoints;
import io.holdfast.coordinator.metrics.CatalogGauges;
import io.holdfast.coordinator.metrics.GaugeSources;
import io.holdfast.coordinator.metrics.Metrics;
import io.holdfast.coordinator.metrics.MetricsConfig;
import io.holdfast.coordinator.metrics.MetricsServer;
import io.holdfast.coordinator.metrics.NodeGauges;
import io.holdfast.coordinator.metrics.ProofGauges;
import io.holdfast.coordinator.metrics.Readiness;
import io.holdfast.coordinator.metrics.WaitingGauges;
import io.holdfast.coordinator.pack.PackAssembler;
import io.holdfast.coordinator.pack.PackReader;
import io.holdfast.coordinator.pack.PackRegistrar;
import io.holdfast.coordinator.people.AccessTokens;
import io.holdfast.coordinator.people.Approvals;
import io.holdfast.coordinator.people.PeopleBook;
import io.holdfast.coordinator.policy.book.PolicyBook;
import io.holdfast.coordinator.policy.book.ToldFacts;
import io.holdfast.coordinator.policy.book.TraitBook;
import io.holdfast.coordinator.proof.AskedProof;
import io.holdfast.coordinator.proof.ChunkExam;
import io.holdfast.coordinator.proof.DataActivity;
import io.holdfast.coordinator.proof.PrivateRecoveryKeys;
import io.holdfast.coordinator.proof.ProofConfig;
import io.holdfast.coordinator.proof.ProofPorts;
import io.holdfast.coordinator.proof.Prover;
import io.holdfast.coordinator.proof.ProverThread;
import io.holdfast.coordinator.proof.RecoveryKeys;
import io.holdfast.coordinator.proof.Rereading;
import io.holdfast.coordinator.proof.SnapshotHealth;
import io.holdfast.coordinator.proof.SnapshotOpener;
import io.holdfast.coordinator.proof.UnreadPacks;
import io.holdfast.coordinator.proof.VaultRecoveryKeys;
import io.holdfast.coordinator.proof.Verify;
import io.holdfast.coordinator.prune.ClockKeeper;
import io.holdfast.coordinator.prune.Deletions;
import io.holdfast.coordinator.prune.Holds;
import io.holdfast.coordinator.prune.PrunePorts;
import io.holdfast.coordinator.prune.PruneRounds;
import io.holdfast.coordinator.prune.RetentionApprovals;
import io.holdfast.coordinator.prune.RetentionPreview;
import io.holdfast.coordinator.retention.clock.ClockLimits;
import io.holdfast.coordinator.rpc.AdminActs;
import io.holdfast.coordinator.rpc.AdminAlarms;
import io.holdfast.coordinator.rpc.AdminHosts;
import io.holdfast.coordinator.rpc.AdminJobs;
import io.holdfast.coordinator.rpc.AdminPolicies;
import io.holdfast.coordinator.rpc.AdminRetention;
import io.holdfast.coordinator.rpc.AdminService;
import io.holdfast.coordinator.rpc.AdminSocket;
import io.holdfast.coordinator.rpc.AdminSweeps;
import io.holdfast.coordinator.rpc.AuditLogService;
import io.holdfast.coordinator.rpc.BackupService;
import io.holdfast.coordinator.rpc.ControlService;
import io.holdfast.coordinator.rpc.DataClassPreviews;
import io.holdfast.coordinator.rpc.EnrolmentService;
import io.holdfast.coordinator.rpc.FleetListener;
import io.holdfast.coordinator.rpc.FleetServer;
import io.holdfast.coordinator.rpc.HostInterceptor;
import io.holdfast.coordinator.rpc.KeyActs;
import io.holdfast.coordinator.rpc.KeysService;
import io.holdfast.coordinator.rpc.MoveActs;
import io.holdfast.coordinator.rpc.PeopleActs;
import io.holdfast.coordinator.rpc.PeopleDoor;
import io.holdfast.coordinator.rpc.PeopleService;
import io.holdfast.coordinator.rpc.PeopleServices;
import io.holdfast.coordinator.rpc.ReadService;
import io.holdfast.coordinator.rpc.RetentionActs;
import io.holdfast.coordinator.rpc.TraitActs;
import io.holdfast.coordinator.serve.CatalogAccess;
import io.holdfast.coordinator.serve.ChunkReads;
import io.holdfast.coordinator.serve.ReadMeter;
import io.holdfast.coordinator.serve.ReadPorts;
import io.holdfast.coordinator.serve.ReadSessions;
import io.holdfast.coordinator.sweep.MarkFile;
import io.holdfast.coordinator.sweep.SweepLimits;
import io.holdfast.coordinator.sweep.SweepPorts;
import io.holdfast.coordinator.sweep.Sweeper;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.watch.WatchSources;
import io.holdfast.proto.stored.v1.Change;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A coordinator's process: what there is and how it hangs together. Parts start in the order in
 * which they stand here and stop in the reverse order.
 */
public final class CoordinatorNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CoordinatorNode.class);
  private static final Duration PACK_TICK = Duration.ofMillis(200);

  /**
   * Of snapshots whose copies in page packs are missing, as whoever led before was killed: it looks
   * at all snapshots, as every checkpoint does, so that the first round is the one that matters.
   */
  private static final Duration COPIES_ROUND = Duration.ofDays(1);

  private static final Duration CERTIFICATE_ROUND = Duration.ofHours(1);
  private static final Duration CHECKPOINT_ROUND = Duration.ofMinutes(1);
  private static final Duration REREAD_ROUND = Duration.ofMinutes(1);
  private static final Duration SCHEDULE_ROUND = Duration.ofSeconds(1);

  /** Between two rounds while places become free. */
  private static final Duration SCHEDULE_LEAST = Duration.ofMillis(100);

  private static final Duration RETENTION_ROUND = Duration.ofHours(1);
  private static final Duration SWEEP_ROUND = Duration.ofMinutes(1);
  private static final Duration CLOCK_ROUND = Duration.ofMinutes(1);
  private static final Duration FACTS_ROUND = Duration.ofSeconds(5);
  private static final Duration MOVE_WAIT = Duration.ofSeconds(90);
  private static final Duration ERASURE_ROUND = Duration.ofMinutes(10);

  private final CoordinatorConfig config;
  private final FileSystem fileSystem;
  private final Time time;
  private final Randomness randomness;
  private final StartedParts parts = new StartedParts();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicReference<HoldfastException> failure = new AtomicReference<>();

  private CoordinatorNode(
      CoordinatorConfig config, FileSystem fileSystem, Time time, Randomness randomness) {
    this.config = config;
    this.fileSystem = fileSystem;
    this.time = time;
    this.randomness = randomness;
  }

  /** Starts it, leading; returns when it serves. Errors say what an operator can do. */
  public static CoordinatorNode start(CoordinatorConfig config, Time time, Randomness randomness)
      throws InterruptedException {
    return start(config, FileSystem.local(), time, randomness);
  }

  /** Starts it with its vault and its memory of the journal on {@code fileSystem}. */
  public static CoordinatorNode start(
      CoordinatorConfig config, FileSystem fileSystem, Time time, Randomness randomness)
      throws InterruptedException {
    CoordinatorNode node = new CoordinatorNode(config, fileSystem, time, randomness);
    boolean started = false;
    try {
      node.start();
      started = true;
      return node;
    } finally {
      if (!started) {
        node.parts.close();
      }
    }
  }

  private void start() throws InterruptedException {
    Repository repository =
        parts.add(Repository.lead(config, fileSystem, time, randomness, this::fail));
    RepositoryId id = repository.vault.identity().repository();
    ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    parts.add(calls::shutdownNow);
    Metrics metrics = new Metrics(true);
    Watching watching = new Watching(config, metrics, time);

    // Keys, as they are now.
    FleetPorts fleet = fleetPorts(repository, watching.fleet());
    KeyRings rings =
        new KeyRings(
            fleet,
            repository.vault,
            repository.master,
            repository.unlock.keys(),
            repository.unlock.ringNumber());
    rings.onDoubt(this::fail);
    rings.settle();
    MasterChange master =
        new MasterChange(
            fleet, repository.vault, repository.master, rings, config.serviceKeyFile());
    master.settle();
    IssuingCaChange issuingCa =
        new IssuingCaChange(fleet, rings, repository.issuing, repository::issueBy);

    // The way of a chunk.
    CommitPath commitPath = new CommitPath();
    ReferenceChecks checks = new ReferenceChecks(repository.ledger::view, repository.footers);
    PackAssembler packs =
        new PackAssembler(
            id,
            repository.vault,
            repository.footers,
            registrar(repository),
            checks,
            packLimits(),
            time,
            randomness,
            calls);
    SnapshotCopyWriter copies =
        new SnapshotCopyWriter(repository.ledger::view, receipts(repository), packs);
    parts.add(copies::writeMissing);
    parts.add(Rounds.start("snapshot copies", COPIES_ROUND, time, copies::writeMissing));
    parts.add(Rounds.start("packs", PACK_TICK, time, packs::tick));
    PackReader reader = parts.add(new PackReader(repository.reads));
    DataActivity activity = new DataActivity(time);
    ReadMeter readMeter = activity.over(metrics.reads());
    ChunkReads chunks =
        new ChunkReads(repository.ledger::view, reader, repository.footers, readMeter);
    VaultRoom room =
        new VaultRoom(
            repository.vault::usableBytes,
            config.vault().warnFree().bytes(),
            config.vault().reserve().bytes());
    Predicate<HostId> isErased = host -> fleet.look(known -> known.isErased(host));
    VaultRecoveryKeys vaultKeys =
        new VaultRecoveryKeys(id, repository.vault, repository.master::get, isErased);
    boolean isPrivate = rings.current().isPrivate();
    RecoveryKeys recoveryKeys = isPrivate ? new PrivateRecoveryKeys(isErased) : vaultKeys;
    ReadSessions reads =
        new ReadSessions(
            new ReadPorts(
                repository.ledger::view,
                new CatalogAccess(id, repository.ledger::view, recoveryKeys::get, time, randomness),
                chunks,
                repository::authority,
                readMeter,
                rings::generation));

    // Proof and browsing, whose own reads are nobody's restore.
    ChunkGenerations generations = rings.generations();
    SnapshotOpener opener =
        new SnapshotOpener(
            id,
            recoveryKeys,
            generations,
            new ChunkReads(
                repository.ledger::view, reader, repository.footers, metrics.ownReads()));
    SnapshotHealth health = new SnapshotHealth();
    ProofPorts proof =
        new ProofPorts(
            repository.ledger::view,
            repository.vault,
            reader,
            repository.footers,
            repository.leadership::append,
            commitPath,
            opener,
            () -> new ChunkExam(id, generations),
            randomness,
            room,
            health,
            watching.proof());
    new UnreadPacks(proof).record();
    AskedChunks asked = AskedChunks.IGNORED;
    if (config.proof().enabled()) {
      parts.add(ProverThread.start(new Prover(proof, proofConfig(), time, activity)));
      asked = isPrivate ? asked : parts.add(new AskedProof(proof)); // K stays with its host
    }
    Rereading rereading =
        new Rereading(proof, proofConfig(), config.proof().rereadWithin(), time, activity);
    parts.add(
        Rounds.start(
            "rereading",
            REREAD_ROUND,
            time,
            () -> {
              while (rereading.poll().isZero()) {
                // more is due
              }
            }));
    HostQuotas quotas = new HostQuotas(repository.ledger::view, config.vault().hostQuota().bytes());
    BackupSessions backups =
        new BackupSessions(
            new IngestPorts(
                id,
                repository.ledger::view,
                repository.leadership::append,
                repository.mutations,
                packs,
                checks,
                commitPath,
                receipts(repository),
                activity.over(metrics.ingest()),
                repository::authority,
                randomness,
                rings::generation),
            room,
            quotas,
            asked);

    // The fleet.
    HostAuthority authority = new HostAuthority(fleet);
    OpenCalls openCalls = new OpenCalls(fleet, authority);
    HostDirectory hosts = new HostDirectory(fleet);
    JobLimits limits = JobLimits.defaults();
    SeenRecords seen =
        new SeenRecords(repository.ledger::view, repository.slots, repository.anchor());
    JobLogs logs =
        parts.add(
            JobLogs.open(
                config.dataDir().resolve("job-logs"),
                FileSystem.local(),
                time,
                JobLogs.Limits.STANDARD));
    Jobs jobs = new Jobs(fleet, seen::standing, limits, logs);
    jobs.resume();
    Orders orders = new Orders(fleet, jobs, limits);
    RestoreSpeeds speeds = new RestoreSpeeds();
    HostMoves moves = new HostMoves(fleet, hosts, openCalls);
    MoveOrders moveOrders = new MoveOrders(fleet, jobs, moves, MOVE_WAIT);
    Patrol patrol = new Patrol(jobs, openCalls, time);
    Thread patrolThread = Thread.ofPlatform().name("patrol").daemon().start(patrol);
    parts.add(patrolThread::interrupt);
    Enrolments enrolments =
        new Enrolments(
            fleet,
            issuingCa::present,
            hostKeys(repository, rings),
            config.certificates().hostLifetime());

    RootChange roots =
        new RootChange(
            fleet,
            rings,
            issuingCa,
            hosts,
            new RootChange.Listener() {
              @Override
              public void believed(RootLine all, RootLine believed) {
                repository.believe(all, believed);
              }

              @Override
              public void changed() {
                jobs.tellRoots();
              }

              @Override
              public void leftBehind(HostId host, HoldfastException why) {
                openCalls.abort(host, why);
              }
            });
    Jobs.Greeting greeting = new RootGreeting(roots);
    jobs.greetBy(greeting);

    // The ports.
    HostInterceptor door = new HostInterceptor(authority, openCalls, roots.trust(), time);
    SslContext tls = TlsContexts.of(time).server(repository.identity.tls(), roots.trust());
    FleetServer server =
        FleetServer.of(
            FleetListener.builder(address(config.listen()), tls, door),
            List.of(
                new EnrolmentService(
                    enrolments, sealedKeys(repository, fleet, rings), moves, greeting, calls),
                new ControlService(jobs, calls),
                new BackupService(backups, calls),
                new ReadService(reads, calls)),
            config.listen().toString(),
            jobs::endSessions);
    parts.add(Rounds.start("certificates", CERTIFICATE_ROUND, time, repository::renewCertificates));
    Tokens tokens = new Tokens(fleet, roots::newest);
    AdminHosts adminHosts =
        new AdminHosts(
            fleet,
            hosts,
            tokens,
            new Revocations(fleet, openCalls),
            new Quotas(fleet, quotas::of),
            moves,
            jobs,
            () -> addresses(server));
    LedgerCheckpoints checkpoints =
        new LedgerCheckpoints(
            repository.ledger,
            repository.opener,
            repository.journalReplay(),
            new VaultCheckpoints(repository.reads),
            repository.stores,
            repository.leadership::append,
            repository.mutations);
    CheckpointRounds checkpointRounds =
        new CheckpointRounds(
            checkpoints,
            RecordLookup.of(repository.slots),
            () -> {
              copies.writeMissing();
              return checkpoints.write("this coordinator");
            },
            () -> activity.isIdle(config.proof().idle()),
            time,
            config.catalog().checkpointRecords(),
            config.catalog().checkpointInterval());
    parts.add(Rounds.start("checkpoints", CHECKPOINT_ROUND, time, checkpointRounds::round));

    // Retention.
    ClockKeeper clock =
        ClockKeeper.open(
            fleet,
            repository.identity.id(),
            fileSystem,
            new CoordinatorFiles(config.dataDir()).clock(),
            ClockLimits.USUAL);
    parts.add(Rounds.start("clock", CLOCK_ROUND, time, clock::read));
    PolicyBook policies = new PolicyBook(fleet, hosts);
    TraitBook traits = new TraitBook(fleet, hosts, policies);
    ToldFacts told = new ToldFacts(fleet, hosts, traits);
    jobs.onFacts(told::tell);
    parts.add(Rounds.start("facts", FACTS_ROUND, time, told::round));
    PrunePorts prune = new PrunePorts(fleet, hosts, policies, health, config.retention().undo());
    Holds holds = new Holds(fleet);
    RetentionApprovals retentionApprovals = new RetentionApprovals(fleet);
    PruneRounds pruneRounds = new PruneRounds(prune, holds, clock);
    parts.add(Rounds.start("retention", RETENTION_ROUND, time, pruneRounds::all));

    // Garbage collection.
    SweepPorts sweep =
        new SweepPorts(
            fleet,
            repository.leadership::appendAlone,
            repository.vault,
            reader,
            repository.footers,
            commitPath,
            () -> !activity.isIdle(config.proof().idle()),
            () -> clock.read().doubt().map(doubt -> doubt.words()));
    MarkFile marks =
        new MarkFile(FileSystem.local(), new CoordinatorFiles(config.dataDir()).mark(), time);
    if (repository.ledger.opened().origin() != Origin.DIRECTORY) {
      marks.forget(); // it was made of another catalog
    }
    Sweeper sweeper =
        parts.add(new Sweeper(sweep, sweepLimits(), config.gc().interval(), Optional.of(marks)));
    if (config.gc().enabled()) {
      parts.add(Rounds.start("sweeps", SWEEP_ROUND, time, sweeper::round));
    }

    // People.
    PeopleBook people = new PeopleBook(fleet);
    Approvals approvals = new Approvals(fleet, people);

    // What operators ask.
    HostNames names = new DirectoryNames(hosts);
    BrowsePorts browse =
        new BrowsePorts(repository.ledger::view, repository.mutations, opener, health, names);
    AdminVault adminVault =
        new AdminVault(
            browse,
            repository.vault,
            config.vault().directory().toString(),
            new Verify(proof),
            inspection(repository)::faults);
    ScheduleRounds schedule =
        new ScheduleRounds(fleet, hosts, policies, jobs, orders, config.schedule().caps());
    if (config.schedule().enabled()) {
      Rounds rounds =
          parts.add(
              Rounds.start("schedule", SCHEDULE_ROUND, SCHEDULE_LEAST, time, schedule::round));
      jobs.onEnd(() -> {
        if (schedule.isAnyWaiting()) {
          rounds.wake();
        }
      });
    }
    WatchSources sources = new WatchSources();
    sources.addQuotas(quotas, host -> hosts.get(host).name());
    sources.addFacts(told::waiting, host -> hosts.get(host).name());
    sources.addRetention(pruneRounds, clock);
    sources.addSweeps(sweeper);
    sources.addApprovals(approvals);
    Watching.Started watch =
        watching.start(
            new Watching.Seen(repository, hosts, policies, jobs, speeds, health, room, sources),
            fileSystem,
            randomness,
            parts::add);
    AdminAlarms alarms = watch.admin();
    NodeStatus status =
        new NodeStatus(repository, jobs, copies, checkpoints, adminVault, alarms, time);
    SnapshotNames snapshotNames =
        new SnapshotNames(repository.ledger::view, repository.mutations, names);
    AdminJobs adminJobs =
        new AdminJobs(
            hosts,
            (name, host) ->
                snapshotNames.resolve(name.equals("latest") ? "latest:" + host.id() : name),
            orders,
            jobs,
            new JobBook(fleet, hosts, jobs, schedule::queue),
            new RestorePlans(repository.ledger::view, new Browser(opener), speeds),
            logs);
    if (config.metrics().enabled()) {
      metrics.add(
          new CatalogGauges(
              new GaugeSources(
                  repository.ledger::view,
                  repository.vault,
                  names,
                  health,
                  () -> repository.leadership.state() instanceof LeadershipState.Leading,
                  repository::term,
                  () -> (int) hosts.all().stream().filter(h -> jobs.isConnected(h.id())).count(),
                  jobs::runningJobs,
                  () -> sweeper.waiting().map(List::size).orElse(0),
                  quotas::of,
                  watch::report)));
      metrics.add(
          new ProofGauges(
              repository.ledger::view, watching.proofWithin(), config.proof().rereadWithin()));
      metrics.add(new WaitingGauges(pruneRounds::frozen, clock::doubt, approvals::openCount));
      metrics.add(
          new NodeGauges(
              repository.identity::certificates,
              repository::blocked,
              config.vault().warnFree().bytes(),
              config.vault().reserve().bytes()));
      parts.add(
          MetricsServer.start(
              new MetricsConfig(config.metrics().listen().host(), config.metrics().listen().port()),
              metrics,
              () -> readiness(repository)));
    }
    // Who may ask.
    AccessTokens accessTokens = new AccessTokens(fleet, people, roots::newest);
    HostErasure erasure =
        new HostErasure(
            fleet,
            repository.vault,
            pruneRounds::holdsOn,
            (host, snapshots) -> {
              vaultKeys.forget(host);
              health.forgetAll(snapshots);
            });
    parts.add(Rounds.start("erasures", ERASURE_ROUND, time, erasure::round));
    parts.add(Rounds.start("replaced keys", ERASURE_ROUND, time, master::round));
    KeyActs keyActs =
        new KeyActs(
            hosts,
            erasure,
            rings,
            issuingCa,
            roots,
            master,
            new PrivateMasterChange(fleet, repository.vault, repository.master, rings, master),
            jobs::isConnected,
            approvals,
            new KeysForRestore(fleet, repository.vault),
            adminJobs,
            new KeyRenewals(fleet, moves, moveOrders, tokens, () -> addresses(server)));
    AdminPolicies adminPolicies =
        new AdminPolicies(
            policies,
            new Preview(policies, hosts, time),
            new DataClassPreviews(
                policies,
                hosts,
                new RetentionPreview(prune, holds, clock),
                watch.forecasts(),
                time));
    AdminActs adminActs =
        new AdminActs(
            fleet,
            hosts,
            new HostLife(fleet, hosts, openCalls),
            adminHosts,
            adminJobs,
            adminPolicies,
            status,
            approvals);
    AdminRetention adminRetention =
        new AdminRetention(
            snapshotNames,
            hosts,
            new Deletions(prune, holds, retentionApprovals),
            holds,
            retentionApprovals,
            pruneRounds,
            clock);
    RetentionActs retentionActs = new RetentionActs(adminRetention, approvals);
    MoveActs moveActs = new MoveActs(hosts, moves, moveOrders, approvals);
    TraitActs traitActs = new TraitActs(hosts, traits, told, approvals);
    PeopleActs peopleActs = new PeopleActs(people, accessTokens, approvals);
    PeopleServices forPeople =
        new PeopleServices(
            new AdminService(
                adminHosts,
                adminJobs,
                adminPolicies,
                new AdminSnapshots(browse),
                adminRetention,
                new AdminSweeps(sweeper, repository.ledger::view),
                adminVault,
                alarms,
                status,
                adminActs,
                retentionActs,
                moveActs,
                traitActs,
                calls),
            new PeopleService(
                people,
                accessTokens,
                approvals,
                peopleActs,
                Stream.of(
                        adminActs.all(),
                        retentionActs.all(),
                        moveActs.all(),
                        traitActs.all(),
                        peopleActs.all(),
                        keyActs.all())
                    .flatMap(List::stream)
                    .toList(),
                calls),
            auditLog(repository, hosts, calls),
            new KeysService(keyActs, calls));
    if (config.admin().listen().isPresent()) {
      HostPort at = config.admin().listen().get();
      PeopleDoor peopleDoor = PeopleDoor.byToken(accessTokens, metrics.fleet(), time);
      parts.add(
          FleetServer.of(
                  FleetListener.builder(address(at), tls, peopleDoor),
                  forPeople.all(),
                  at.toString(),
                  () -> {})
              .listen());
    }
    // Hosts last: thousands that have waited for it would take the processors from what is to
    // start.
    parts.add(server).listen();
    parts.add(
        AdminSocket.open(config.admin().socket(), forPeople.all(), PeopleDoor.atSocket(time)));
    LOG.info(
        "coordinator {} leads and listens on port {}", repository.identity.id(), server.port());
  }

  private static InetSocketAddress address(HostPort at) {
    return new InetSocketAddress(at.host(), at.port());
  }

  private static AuditLogService auditLog(
      Repository repository, HostDirectory hosts, Executor calls) {
    return new AuditLogService(
        new AuditTrail(
            repository.ledger::view, RecordLookup.of(repository.slots), repository.mutations),
        new JournalVoucher(
            repository.slots, new FleetRecordVerifier(), repository.anchor(), repository.mutations),
        repository.ledger::view,
        hosts,
        Fingerprint.of(repository.line.first()).value(),
        calls);
  }

  private ProofConfig proofConfig() {
    ProofConfig usual = ProofConfig.defaults();
    long limit = config.proof().rateLimit().bytesPerSecond();
    return new ProofConfig(
        limit == 0 ? usual.bytesPerSecond() : limit,
        config.proof().idle(),
        config.proof().deadline(),
        usual.lookInterval(),
        usual.retryInterval());
  }

  private static Readiness readiness(Repository repository) {
    LeadershipState state = repository.leadership.state();
    return new Readiness(state instanceof LeadershipState.Leading, LeadershipWords.of(state));
  }

  private PackAssembler.Limits packLimits() {
    return new PackAssembler.Limits(
        config.packs().dataTarget().bytes(),
        config.packs().pageTarget().bytes(),
        config.packs().ageMax());
  }

  private SweepLimits sweepLimits() {
    CoordinatorConfig.Gc gc = config.gc();
    return new SweepLimits(
        gc.quarantine(),
        gc.rewriteBelow(),
        gc.rewriteRate().bytesPerSecond(),
        gc.freeWithoutApproval().bytes(),
        SweepLimits.FREE_PERCENT,
        config.packs().dataTarget().bytes(),
        config.packs().pageTarget().bytes());
  }

  private static PackRegistrar registrar(Repository repository) {
    return (registration, footer) ->
        repository
            .leadership
            .append(
                List.of(
                    MutationSealer.clear(
                        Change.newBuilder().setPackRegistered(registration).build())))
            .thenApply(appended -> {
              requireTaken(PackId.of(registration.getPack().toByteArray()), repository);
              return appended.slot().seq();
            });
  }

  /** A sweep gives up names of packs that are this late. */
  private static void requireTaken(PackId pack, Repository repository) {
    try (CatalogView view = repository.ledger.view()) {
      if (view.packs().find(pack).isEmpty()) {
        throw new HoldfastException(
            ErrorCode.UNAVAILABLE,
            "pack "
                + pack
                + " was written so long before its record that a sweep gave its name up; back the"
                + " host up again");
      }
    }
  }

  private static Receipts receipts(Repository repository) {
    return new Receipts(
        repository.vault.identity().repository(),
        RecordLookup.of(repository.slots),
        repository.identity::receiptKey);
  }

  private FleetPorts fleetPorts(Repository repository, FleetMeter meter) {
    return new FleetPorts(
        repository.issuing.fleet(),
        repository.vault.identity().repository(),
        repository.ledger::view,
        repository.leadership::append,
        repository.mutations,
        repository::authority,
        meter,
        time,
        randomness);
  }

  private static VaultInspection inspection(Repository repository) {
    return new VaultInspection(
        repository.ledger::view,
        repository.vault,
        repository.slots,
        repository.anchor(),
        new VaultCheckpoints(repository.reads),
        repository.master::get);
  }

  private HostKeys hostKeys(Repository repository, KeyRings rings) {
    return new HostKeys(
        rings::current,
        repository.master,
        (object, sealed) -> putKey(repository, object, sealed),
        randomness);
  }

  private static SealedHostKeys sealedKeys(
      Repository repository, FleetPorts fleet, KeyRings rings) {
    return new SealedHostKeys(
        fleet,
        new SealedKeyStore() {
          @Override
          public Optional<byte[]> find(KeyObject object) {
            return repository.vault.find(ObjectName.of(object.name()), PrivateHostKeys.BYTES_MAX);
          }

          @Override
          public void put(KeyObject object, byte[] sealed) {
            repository.vault.delete(ObjectName.of(object.name()));
            putKey(repository, object, sealed);
          }
        },
        repository.master,
        rings::current);
  }

  private static void putKey(Repository repository, KeyObject object, byte[] sealed) {
    KeyObjects.create(repository.vault, object, sealed, "; try again");
  }

  private List<Endpoint> addresses(FleetServer server) {
    if (!config.advertise().isEmpty()) {
      return config.advertise().stream().map(at -> new Endpoint(at.host(), at.port())).toList();
    }
    return List.of(new Endpoint(LocalName.get(), server.port()));
  }

  /** Nothing here can mend {@code cause}; a new process may. */
  private void fail(HoldfastException cause) {
    if (failure.compareAndSet(null, cause)) {
      LOG.error("the coordinator can't go on: {}", cause.getMessage());
      ended.countDown();
    }
  }

  /** Why it can't go on and has to be closed, once that is so. */
  public Optional<HoldfastException> failure() {
    return Optional.ofNullable(failure.get());
  }

  /** Waits until {@link #close}, or throws why it can't go on: it has to be closed then. */
  public void awaitEnd() throws InterruptedException {
    ended.await();
    if (failure.get() != null) {
      throw failure.get();
    }
  }

  /** Stops in order: what was acknowledged is durable already, what is open is abandoned. */
  @Override
  public void close() {
    parts.close();
    ended.countDown();
  }
}
