package io.holdfast.deploy.sim;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.key.MasterInUse;
import io.holdfast.common.pack.PackFooter;
import io.holdfast.common.rpc.RpcErrors;
import io.holdfast.common.sealing.ChunkGenerations;
import io.holdfast.common.testkit.LossyDisk;
import io.holdfast.common.testkit.LossyFileSystem;
import io.holdfast.coordinator.catalog.CatalogConfig;
import io.holdfast.coordinator.catalog.CatalogHead;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.OpenSession;
import io.holdfast.coordinator.catalog.rebuild.CatalogOpener;
import io.holdfast.coordinator.catalog.rebuild.CatalogParts;
import io.holdfast.coordinator.catalog.rebuild.StoreFactory;
import io.holdfast.coordinator.catalog.store.KeyValueStore;
import io.holdfast.coordinator.catalog.store.MemoryStore;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.ingest.AskedChunks;
import io.holdfast.coordinator.ingest.BackupSessions;
import io.holdfast.coordinator.ingest.CommitPath;
import io.holdfast.coordinator.ingest.HostQuotas;
import io.holdfast.coordinator.ingest.IngestMeter;
import io.holdfast.coordinator.ingest.IngestPorts;
import io.holdfast.coordinator.ingest.ReceiptKey;
import io.holdfast.coordinator.ingest.Receipts;
import io.holdfast.coordinator.ingest.ReferenceChecks;
import io.holdfast.coordinator.ingest.SnapshotCopyWriter;
import io.holdfast.coordinator.ingest.VaultRoom;
import io.holdfast.coordinator.job.ControlSession;
import io.holdfast.coordinator.job.SeenRecords;
import io.holdfast.coordinator.journal.Appended;
import io.holdfast.coordinator.journal.HeadMemory;
import io.holdfast.coordinator.journal.JournalPorts;
import io.holdfast.coordinator.journal.JournalSlots;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.coordinator.journal.RecordLookup;
import io.holdfast.coordinator.journal.Replay;
import io.holdfast.coordinator.journal.SlotHash;
import io.holdfast.coordinator.journal.TestFleet;
import io.holdfast.coordinator.journal.VaultJournalSlots;
import io.holdfast.coordinator.leadership.Leadership;
import io.holdfast.coordinator.leadership.LeadershipHint;
import io.holdfast.coordinator.leadership.LeadershipPace;
import io.holdfast.coordinator.leadership.LeadershipState;
import io.holdfast.coordinator.ledger.JournalReplay;
import io.holdfast.coordinator.ledger.Ledger;
import io.holdfast.coordinator.ledger.LedgerCheckpoints;
import io.holdfast.coordinator.ledger.VaultCheckpoints;
import io.holdfast.coordinator.notify.MemoryFile;
import io.holdfast.coordinator.notify.Notice;
import io.holdfast.coordinator.pack.Footers;
import io.holdfast.coordinator.pack.PackAssembler;
import io.holdfast.coordinator.pack.PackReader;
import io.holdfast.coordinator.proof.AskedProof;
import io.holdfast.coordinator.proof.ChunkExam;
import io.holdfast.coordinator.proof.DataActivity;
import io.holdfast.coordinator.proof.PrivateRecoveryKeys;
import io.holdfast.coordinator.proof.ProofConfig;
import io.holdfast.coordinator.proof.ProofMeter;
import io.holdfast.coordinator.proof.ProofPorts;
import io.holdfast.coordinator.proof.Prover;
import io.holdfast.coordinator.proof.RecoveryKeys;
import io.holdfast.coordinator.proof.SnapshotHealth;
import io.holdfast.coordinator.proof.SnapshotOpener;
import io.holdfast.coordinator.proof.UnreadPacks;
import io.holdfast.coordinator.proof.VaultRecoveryKeys;
import io.holdfast.coordinator.schedule.plan.Caps;
import io.holdfast.coordinator.serve.CatalogAccess;
import io.holdfast.coordinator.serve.ChunkReads;
import io.holdfast.coordinator.serve.ReadMeter;
import io.holdfast.coordinator.serve.ReadPorts;
import io.holdfast.coordinator.serve.ReadSessions;
import io.holdfast.coordinator.sweep.SweepLimits;
import io.holdfast.coordinator.sweep.SweepPorts;
import io.holdfast.coordinator.sweep.Sweeper;
import io.holdfast.coordinator.vault.DirectoryVault;
import io.holdfast.coordinator.vault.HostileVault;
import io.holdfast.coordinator.vault.Mischief;
import io.holdfast.coordinator.vault.Vault;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.LossCause;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.PackRegistered;
import io.holdfast.proto.stored.v1.SessionClosed;
import io.holdfast.proto.wire.v1.AgentMessage;
import io.holdfast.proto.wire.v1.Authority;
import io.holdfast.proto.wire.v1.BackupAnswer;
import io.holdfast.proto.wire.v1.BackupRequest;
import io.holdfast.proto.wire.v1.CoordinatorMessage;
import io.holdfast.proto.wire.v1.Hello;
import io.holdfast.proto.wire.v1.ReadAnswer;
import io.holdfast.proto.wire.v1.ReadRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A coordinator's process of real parts, wired as the node wires them, without sockets. It may be
 * killed at any step and started again: its catalog's last flush, its head memory and the vault
 * stay. Leads whenever it has the hint and wins a term.
 */
final class SimCoordinator {
  private static final PackAssembler.Limits PACKS =
      new PackAssembler.Limits(600 << 10, 8 << 10, Duration.ofSeconds(1));
  private static final LeadershipPace PACE =
      new LeadershipPace(
          Duration.ofMillis(200),
          Duration.ofSeconds(5),
          Duration.ofMillis(500),
          Duration.ofSeconds(5));
  private static final SweepLimits SWEEPS =
      new SweepLimits(Duration.ZERO, 70, 0, Long.MAX_VALUE, 100, 600 << 10, 8 << 10);
  private static final int FLUSH_EVERY_RECORDS = 7;
  private static final Duration TICK = Duration.ofMillis(200);
  private static final Duration IDLE = Duration.ofMillis(500);
  private static final ProofConfig PROOF =
      new ProofConfig(
          Long.MAX_VALUE / 2,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ofSeconds(1),
          Duration.ofSeconds(5));

  private final Site site;
  private final int number;
  private final SimTime time;
  private final LossyDisk ownDisk;
  private final Optional<Caps> caps;
  private final List<Notice> told = new ArrayList<>();
  private final List<SlotHash> acknowledged = new ArrayList<>();
  private boolean hint;
  private int starts;

  private SimProcess process;
  private LossyFileSystem mount;
  private FaultyFiles files;
  private HostileVault hostile;
  private Parts parts;
  private final List<SimCall<?, ?>> calls = new ArrayList<>();

  /** One that orders nothing by itself. */
  SimCoordinator(Site site, int number) {
    this(site, number, Optional.empty());
  }

  /**
   * The coordinator of that number.
   *
   * @param caps of the jobs that it orders as policies say; empty if it orders none
   */
  SimCoordinator(Site site, int number, Optional<Caps> caps) {
    this.caps = caps;
    this.site = site;
    this.number = number;
    this.time = new SimTime(site.schedule());
    this.ownDisk = LossyDisk.seeded(site.random().nextLong());
    this.process = new SimProcess("c" + number);
    process.kill();
  }

  SimTime time() {
    return time;
  }

  /** Every notice that was sent of alarms, some perhaps twice. */
  List<Notice> told() {
    return told;
  }

  /** Whether it leads and gives orders. */
  boolean isOrdering() {
    return leads() && parts.dispatch != null;
  }

  /** Everything that an append was answered with, by whichever incarnation of this process. */
  List<SlotHash> acknowledged() {
    return acknowledged;
  }

  void hint(boolean held) {
    hint = held;
  }

  boolean isRunning() {
    return process.isAlive();
  }

  boolean isUp() {
    return process.isAlive() && parts != null;
  }

  boolean leads() {
    return isUp() && parts.leadership.state() instanceof LeadershipState.Leading;
  }

  String state() {
    return isUp() ? parts.leadership.state().toString() : process.isAlive() ? "starting" : "down";
  }

  Parts parts() {
    return parts;
  }

  /** How the vault behaves towards this coordinator from now on. */
  void mischief(boolean on) {
    if (hostile == null) {
      return;
    }
    hostile.calm();
    files.fail(on ? 4 : 0);
    if (on) {
      hostile
          .with(Mischief.FAIL_BEFORE, 0.01)
          .with(Mischief.FAIL_AFTER, 0.02)
          .with(Mischief.NEVER_LANDS, 0.01)
          .with(Mischief.LANDS_LATE, 0.02)
          .with(Mischief.STALE_LIST, 0.3)
          .with(Mischief.PARTIAL_LIST, 0.1);
    }
  }

  /** Lists may lack what is there, on the best of days. */
  void listsLie() {
    hostile.with(Mischief.STALE_LIST, 0.3).with(Mischief.PARTIAL_LIST, 0.1);
  }

  void start() {
    process = new SimProcess("c" + number);
    moveCatalog();
    parts = null;
    mount = site.disk().mount();
    files = new FaultyFiles(mount, site.disk(), new SplittableRandom(site.random().nextLong()));
    site.schedule().executor(process, "boot").execute(this::boot);
  }

  private void boot() {
    try {
      parts = new Parts();
      parts.start();
    } catch (HoldfastException e) {
      crash(); // the operator starts it again
    }
  }

  /** kill -9: nothing of the process runs again; what it wrote may or may not be durable. */
  void crash() {
    process.kill();
    mount.kill();
    calls.forEach(SimCall::cut);
    calls.clear();
    if (parts != null) {
      parts.drop();
      parts = null;
    }
  }

  /** The disk of the coordinator is lost but for its identity. Only while it is down. */
  void loseCatalog() {
    deleteTree(catalogDirectory());
  }

  private Path catalogDirectory() {
    return site.scratch().resolve("catalog-" + number + "-" + starts);
  }

  /**
   * To a directory that no dead process of this one's has locked: the system would let go of it.
   */
  private void moveCatalog() {
    Path old = catalogDirectory().resolve("db");
    starts++;
    try {
      Files.createDirectories(catalogDirectory());
      if (Files.exists(old)) {
        Files.move(old, catalogDirectory().resolve("db"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void deleteTree(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  SimCall<BackupRequest, BackupAnswer> backup(HostId host) {
    return serve("backup", call -> parts.backups.serve(host, call));
  }

  SimCall<ReadRequest, ReadAnswer> read(HostId host) {
    return serve("read", call -> parts.reads.serve(host, call));
  }

  /** An agent's control stream, as the service for it serves one. */
  SimCall<AgentMessage, CoordinatorMessage> control(HostId host) {
    return serve("control", call -> converse(host, call));
  }

  private void converse(HostId host, SimCall<AgentMessage, CoordinatorMessage> call)
      throws InterruptedException {
    Hello hello = call.next().orElseThrow().getHello();
    if (parts.dispatch == null) {
      throw new HoldfastException(ErrorCode.NOT_LEADER, "this coordinator doesn't lead");
    }
    try (ControlSession session = parts.dispatch.jobs.connect(host, hello, call::abort)) {
      site.schedule().executor(process, "control-out").execute(() -> write(session, call));
      while (true) {
        session.received(call.next().orElseThrow());
      }
    }
  }

  private static void write(
      ControlSession session, SimCall<AgentMessage, CoordinatorMessage> call) {
    try {
      for (Optional<CoordinatorMessage> next = session.next();
          next.isPresent();
          next = session.next()) {
        call.send(next.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (HoldfastException e) {
      call.abort(e); // the reader ends with it
    }
  }

  private interface Handler<Q, A> {
    void handle(SimCall<Q, A> call) throws InterruptedException;
  }

  private <Q, A> SimCall<Q, A> serve(String name, Handler<Q, A> handler) {
    SimCall<Q, A> call = new SimCall<>(site.schedule());
    if (!isUp()) {
      call.cut();
      return call;
    }
    calls.add(call);
    site.schedule()
        .executor(process, name)
        .execute(() -> {
          try {
            handler.handle(call);
            call.end(Optional.empty());
          } catch (InterruptedException e) {
            call.end(Optional.of(new HoldfastException(ErrorCode.UNAVAILABLE, "stopping")));
          } catch (RuntimeException e) {
            call.end(Optional.of(RpcErrors.asHoldfast(e)));
          }
          calls.remove(call);
        });
    return call;
  }

  /** Threads of this process. */
  ThreadFactory lanes() {
    return site.schedule().factory(process, "lane");
  }

  /** Runs something an operator asked for, on a thread of this process. */
  void operate(String name, Operation operation) {
    if (isUp()) {
      Parts running = parts;
      site.schedule()
          .executor(process, name)
          .execute(() -> {
            try {
              operation.run(running);
            } catch (HoldfastException e) {
              site.schedule().note(e.code().number());
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
    }
  }

  interface Operation {
    void run(Parts parts) throws InterruptedException;
  }

  /** The parts of one incarnation. */
  final class Parts {
    final Vault vault;
    final Ledger ledger;
    final Leadership leadership;
    final BackupSessions backups;
    final ReadSessions reads;
    final ProofPorts proof;
    final PackAssembler packs;
    final SnapshotCopyWriter copies;
    final LedgerCheckpoints checkpoints;
    final SimPrune prune;
    final Sweeper sweeper;

    /** While it leads, and orders what policies ask for. */
    SimDispatch dispatch;

    private final FleetPorts fleet;
    private final SeenRecords seen;
    private final Prover prover;
    private boolean checkpointing;
    private boolean appended;
    private Thread journalThread;
    private final MutationSealer mutations;

    Parts() {
      DirectoryVault directory =
          DirectoryVault.open(
              site.seams().files(files, site.schedule()),
              site.randomness(),
              Site.VAULT,
              SimFleet.REPOSITORY);
      hostile = new HostileVault(directory, site.random().nextLong());
      SimVault plain = new SimVault(hostile, site.schedule());
      vault = site.seams().vault(plain, site.schedule(), process);
      JournalSlots slots =
          site.seams().slots(new VaultJournalSlots(plain), site.schedule(), process);
      Footers footers = new Footers(vault);
      StoreFactory stores = site.seams().stores(new MemoryStores());
      VaultCheckpoints objects = new VaultCheckpoints(vault);
      CatalogOpener opener =
          new CatalogOpener(
              catalogDirectory(),
              new CatalogParts(stores, footers, objects, new CatalogConfig(FLUSH_EVERY_RECORDS)));
      ledger = Ledger.open(opener, slots, new Replay(TestFleet.VERIFIER), TestFleet.ANCHOR);
      mutations =
          new MutationSealer(SimFleet.REPOSITORY, SimFleet.RING.journalKey(), site.randomness());
      leadership =
          new Leadership(
              new JournalPorts(
                  slots,
                  TestFleet.signer(number + 1),
                  TestFleet.VERIFIER,
                  ledger,
                  time,
                  site.randomness()),
              ledger.start(),
              HeadMemory.open(ownDisk.mount(), Path.of("/head"), time),
              new Hint(),
              PACE);
      CommitPath commitPath = new CommitPath();
      ReferenceChecks checks = new ReferenceChecks(ledger::view, footers);
      packs =
          new PackAssembler(
              SimFleet.REPOSITORY,
              vault,
              footers,
              site.seams().registrar(this::register),
              checks,
              PACKS,
              time,
              site.randomness(),
              site.schedule().executor(process, "seal"));
      Receipts receipts =
          new Receipts(
              SimFleet.REPOSITORY,
              site.seams().records(RecordLookup.of(slots)),
              () -> new ReceiptKey(SimFleet.RECEIPT_KEY, List.of(TestFleet.ROOT.toByteArray())));
      copies = new SnapshotCopyWriter(ledger::view, receipts, packs);
      PackReader reader = new PackReader(vault);
      ChunkReads chunks = new ChunkReads(ledger::view, reader, footers, new Silent());
      boolean isPrivate = site.seams().isPrivate();
      RecoveryKeys recoveryKeys =
          isPrivate
              ? new PrivateRecoveryKeys(host -> false)
              : new VaultRecoveryKeys(
                  SimFleet.REPOSITORY,
                  hostile,
                  () -> new MasterInUse.Numbered(SimFleet.MASTER, 1),
                  host -> false);
      ChunkGenerations generations =
          ChunkGenerations.of(isPrivate ? List.of() : SimFleet.GENERATIONS);
      reads =
          new ReadSessions(
              new ReadPorts(
                  ledger::view,
                  new CatalogAccess(
                      SimFleet.REPOSITORY,
                      ledger::view,
                      recoveryKeys::get,
                      time,
                      site.randomness()),
                  chunks,
                  this::authority,
                  new Silent(),
                  () -> isPrivate ? 0 : 1));
      SnapshotOpener snapshots =
          new SnapshotOpener(SimFleet.REPOSITORY, recoveryKeys, generations, chunks);
      proof =
          new ProofPorts(
              ledger::view,
              site.seams().provenVault(vault),
              reader,
              footers,
              this::append,
              commitPath,
              snapshots,
              () ->
                  isPrivate
                      ? new ChunkExam(SimFleet.REPOSITORY, generations)
                      : site.seams().exam(SimFleet.GENERATIONS),
              site.randomness(),
              VaultRoom.UNWATCHED,
              new SnapshotHealth(),
              new Silent());
      backups =
          new BackupSessions(
              new IngestPorts(
                  SimFleet.REPOSITORY,
                  ledger::view,
                  this::append,
                  mutations,
                  packs,
                  site.seams().rules(checks, ledger::view),
                  commitPath,
                  receipts,
                  new Silent(),
                  this::authority,
                  site.randomness(),
                  () -> isPrivate ? 0 : 1),
              VaultRoom.UNWATCHED,
              new HostQuotas(ledger::view, 0),
              isPrivate ? AskedChunks.IGNORED : new AskedProof(proof));
      seen = new SeenRecords(ledger::view, slots, TestFleet.ANCHOR);
      fleet =
          new FleetPorts(
              TestFleet.FLEET,
              SimFleet.REPOSITORY,
              ledger::view,
              this::append,
              mutations,
              this::authority,
              new SimPrune.Silent(),
              time,
              site.randomness());
      prune = new SimPrune(fleet, proof.health(), ownDisk.mount());
      sweeper =
          new Sweeper(
              new SweepPorts(
                  fleet,
                  this::appendAlone,
                  vault,
                  reader,
                  footers,
                  commitPath,
                  () -> false,
                  Optional::empty),
              SWEEPS,
              Duration.ofDays(1));
      prover = new Prover(proof, PROOF, time, new DataActivity(time));
      checkpoints =
          new LedgerCheckpoints(
              ledger,
              opener,
              new JournalReplay(slots, new Replay(TestFleet.VERIFIER), TestFleet.ANCHOR),
              objects,
              stores,
              this::append,
              mutations);
    }

    /** One at a time, as an operator would. */
    void checkpoint() throws InterruptedException {
      if (!checkpointing) {
        checkpointing = true;
        try {
          checkpoints.write("operator");
        } finally {
          checkpointing = false;
        }
      }
    }

    void start() {
      actor("journal", this::journal);
      actor("packs", this::tick);
      actor("proof", this::prove);
    }

    private void actor(String name, Operation operation) {
      site.schedule()
          .executor(process, name)
          .execute(() -> {
            try {
              operation.run(this);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
    }

    private void journal(Parts self) throws InterruptedException {
      boolean led = false;
      journalThread = Thread.currentThread();
      while (true) {
        appended = false;
        Duration wait = leadership.poll();
        boolean leads = leadership.state() instanceof LeadershipState.Leading;
        if (leads && !led) {
          actor("lead", Parts::beginToLead);
        }
        if (led && !leads && caps.isPresent()) {
          crash(); // as the node ends when it doesn't lead any more, and is started again
          start();
          return;
        }
        led = leads;
        if (wait.isZero()) {
          site.schedule().letOthersGo();
        } else {
          site.schedule().doze(wait.toNanos(), () -> appended);
        }
      }
    }

    /** What a coordinator does before it serves. */
    private void beginToLead() throws InterruptedException {
      try {
        closeLeftSessions();
        copies.writeMissing();
        new UnreadPacks(proof).record();
        if (caps.isPresent()) {
          beginToOrder(caps.get());
        }
      } catch (HoldfastException e) {
        site.schedule().note(e.code().number());
        if (caps.isPresent()) {
          crash(); // a node that can't begin ends, and is started again
          start();
        }
      }
    }

    private void beginToOrder(Caps limits) {
      SimDispatch begun =
          new SimDispatch(
              site.seams().fleet(fleet, site.schedule(), process),
              proof.health(),
              seen::standing,
              site.seams().caps(limits),
              new MemoryFile(site.seams().alarmMemory(ownDisk.mount()), Path.of("/alarms")),
              told::add,
              site.seams());
      dispatch = begun;
      actor("patrol", parts -> again(Duration.ofSeconds(1), begun.jobs::poll));
      actor("schedule", parts -> again(Duration.ofSeconds(1), begun::round));
      actor("watch", parts -> again(Duration.ofSeconds(2), begun::look));
    }

    private void again(Duration pause, SimDispatch.Round round) throws InterruptedException {
      while (true) {
        try {
          round.make();
        } catch (HoldfastException e) {
          site.schedule().note(e.code().number());
        }
        time.sleep(pause);
      }
    }

    private void closeLeftSessions() throws InterruptedException {
      List<Mutation> closed = new ArrayList<>();
      try (CatalogView view = ledger.view()) {
        for (OpenSession session : view.fleet().sessions()) {
          SessionClosed.Builder change =
              SessionClosed.newBuilder()
                  .setSession(ByteString.copyFrom(session.id().toByteArray()));
          closed.add(MutationSealer.clear(Change.newBuilder().setSessionClosed(change).build()));
        }
      }
      if (!closed.isEmpty()) {
        await(append(closed));
      }
    }

    private void tick(Parts self) throws InterruptedException {
      while (true) {
        time.sleep(TICK);
        try {
          packs.tick();
        } catch (HoldfastException e) {
          site.schedule().note(e.code().number());
        }
      }
    }

    private void prove(Parts self) throws InterruptedException {
      while (true) {
        if (!(leadership.state() instanceof LeadershipState.Leading)) {
          time.sleep(IDLE);
        } else {
          Duration wait = prover.poll();
          time.sleep(wait.isZero() ? Duration.ofNanos(1) : wait);
        }
      }
    }

    CompletableFuture<Appended> append(List<Mutation> list) {
      return noted(leadership.append(list));
    }

    private CompletableFuture<Appended> appendAlone(List<Mutation> list) {
      return noted(leadership.appendAlone(list));
    }

    private CompletableFuture<Appended> noted(CompletableFuture<Appended> future) {
      appended = true;
      LockSupport.unpark(journalThread);
      return future.thenApply(appended -> {
        acknowledged.add(appended.slot());
        return appended;
      });
    }

    private CompletableFuture<Long> register(PackRegistered registration, PackFooter footer) {
      return append(
              List.of(
                  MutationSealer.clear(
                      Change.newBuilder().setPackRegistered(registration).build())))
          .thenApply(appended -> appended.slot().seq());
    }

    private Authority authority() {
      if (!(leadership.state() instanceof LeadershipState.Leading(var authority))) {
        throw new HoldfastException(ErrorCode.NOT_LEADER, "this coordinator doesn't lead");
      }
      CatalogHead head = ledger.opened().catalog().head().orElseThrow();
      return Authority.newBuilder()
          .setSiteEpochNumber(authority.epoch().number())
          .setSiteEpochId(ByteString.copyFrom(authority.epoch().id().toByteArray()))
          .setIncarnation(ByteString.copyFrom(authority.incarnation().toByteArray()))
          .setTerm(authority.term())
          .setSeq(head.seq())
          .setRecordHash(ByteString.copyFrom(head.hash().toByteArray()))
          .build();
    }

    /** The process is gone: what the system holds for it is let go. */
    private void drop() {
      prover.close();
      ledger.opened().catalog().abandon();
      try {
        ledger.close();
      } catch (HoldfastException e) {
        // Nothing is flushed by a process that was killed; its lock is gone all the same.
      }
    }
  }

  static void await(CompletableFuture<?> future) throws InterruptedException {
    try {
      future.get();
    } catch (ExecutionException e) {
      throw RpcErrors.asHoldfast(e.getCause());
    }
  }

  private final class Hint implements LeadershipHint {
    @Override
    public boolean tryHold() {
      return hint;
    }

    @Override
    public boolean isHeld() {
      return hint;
    }

    @Override
    public void release() {}
  }

  /** Stores in memory, with what was flushed in a file. */
  private static final class MemoryStores implements StoreFactory {
    @Override
    public KeyValueStore open(Path directory) {
      return MemoryStore.open(directory);
    }

    @Override
    public KeyValueStore openReadOnly(Path directory) {
      return MemoryStore.open(directory);
    }
  }

  /** Counts nothing. */
  static final class Silent implements ReadMeter, IngestMeter, ProofMeter {
    @Override
    public void served(long sealedBytes) {}

    @Override
    public void refused() {}

    @Override
    public void damaged() {}

    @Override
    public void unopened() {}

    @Override
    public void uploaded(long sealedBytes) {}

    @Override
    public void committed(long logicalBytes, boolean withGaps) {}

    @Override
    public void commitRefused() {}

    @Override
    public void good(long sealedBytes) {}

    @Override
    public void bad(LossCause cause) {}

    @Override
    public void untold() {}

    @Override
    public void backlog(long unproven, long snapshots, long oldestMillis) {}
  }
}
