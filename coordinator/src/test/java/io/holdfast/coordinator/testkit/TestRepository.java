package io.holdfast.coordinator.testkit;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.PackId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.key.MasterInUse;
import io.holdfast.common.key.MasterKey;
import io.holdfast.common.key.RepositoryKeys;
import io.holdfast.common.pack.PackFooter;
import io.holdfast.common.sealing.ChunkGenerations;
import io.holdfast.common.sealing.ChunkKeys;
import io.holdfast.common.seam.ManualTime;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.SeededRandomness;
import io.holdfast.coordinator.catalog.Catalog;
import io.holdfast.coordinator.catalog.CatalogConfig;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.FooterSource;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.catalog.store.MemoryStore;
import io.holdfast.coordinator.ingest.CommitPath;
import io.holdfast.coordinator.ingest.ReferenceChecks;
import io.holdfast.coordinator.ingest.VaultRoom;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.coordinator.pack.Footers;
import io.holdfast.coordinator.pack.PackAssembler;
import io.holdfast.coordinator.pack.PackReader;
import io.holdfast.coordinator.pack.PackRegistrar;
import io.holdfast.coordinator.proof.ChunkExam;
import io.holdfast.coordinator.proof.ProofMeter;
import io.holdfast.coordinator.proof.ProofPorts;
import io.holdfast.coordinator.proof.SnapshotHealth;
import io.holdfast.coordinator.proof.SnapshotOpener;
import io.holdfast.coordinator.proof.VaultRecoveryKeys;
import io.holdfast.coordinator.serve.ChunkReads;
import io.holdfast.coordinator.serve.ReadMeter;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Genesis;
import io.holdfast.proto.stored.v1.LossCause;
import io.holdfast.proto.stored.v1.PackRegistered;
import io.holdfast.proto.stored.v1.RepositoryMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A repository in one process, of real parts over memory: catalog, packs, reference checks, keys,
 * proof. Only the journal and the vault below are made for tests. Everything runs in the caller's
 * thread, and everything random follows from the seed.
 */
public final class TestRepository {
  public static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  final RepositoryId id;
  final Randomness randomness;
  final ManualTime time = new ManualTime(START);
  final DamageableVault vault = new DamageableVault();
  final RepositoryKeys keys;
  final MasterKey master;
  final TestJournal journal;
  final MutationSealer mutations;
  final List<ChunkKeys> generations;
  final CommitPath commitPath = new CommitPath();
  private SnapshotHealth health;
  private volatile long freeBytes = Long.MAX_VALUE;

  Catalog catalog;
  Footers footers;
  PackReader packs;
  PackAssembler assembler;
  ReferenceChecks checks;
  private ProofPorts proof;

  private TestRepository(long seed) {
    randomness = new SeededRandomness(seed);
    id = vault.identity().repository();
    keys = RepositoryKeys.generate(id, randomness);
    master = MasterKey.generate(randomness);
    generations = ChunkKeys.allOf(id, keys.generations());
    journal = new TestJournal(id.toByteArray(), time);
    mutations = new MutationSealer(id, keys.journalKey(), randomness);
    start(PackAssembler.Limits.DEFAULT);
  }

  /** A new repository; every random value in it follows from {@code seed}. */
  public static TestRepository begun(long seed) {
    return begun(seed, RepositoryMode.REPOSITORY_MODE_SHARED);
  }

  /** As {@link #begun(long)}, of that mode by its journal; keys are as in a shared one. */
  public static TestRepository begun(long seed, RepositoryMode mode) {
    TestRepository repository = new TestRepository(seed);
    repository.append(
        Change.newBuilder()
            .setGenesis(
                Genesis.newBuilder()
                    .setFleet(ByteString.copyFrom(new byte[16]))
                    .setSite(ByteString.copyFrom(new byte[16]))
                    .setRootCertificate(ByteString.copyFromUtf8("root certificate"))
                    .setMode(mode))
            .build());
    return repository;
  }

  /** Stops the coordinator and starts it again: memory is gone, journal and vault stay. */
  public void restart() {
    catalog.close();
    start(PackAssembler.Limits.DEFAULT);
  }

  /** As {@link #restart}, with packs of other sizes from here on. */
  public void restart(PackAssembler.Limits limits) {
    catalog.close();
    start(limits);
  }

  /** As {@link #restart}, from record 1, while the footers of {@code gone} can't be read. */
  public void rebuildWithout(Set<PackId> gone) {
    catalog.close();
    start(PackAssembler.Limits.DEFAULT, gone);
  }

  private void start(PackAssembler.Limits limits) {
    start(limits, Set.of());
  }

  private void start(PackAssembler.Limits limits, Set<PackId> gone) {
    health = new SnapshotHealth();
    footers = new Footers(vault);
    packs = new PackReader(vault);
    FooterSource source =
        pack -> gone.contains(pack.id()) ? Optional.empty() : footers.footer(pack);
    catalog = Catalog.open(MemoryStore.open(null), source, CatalogConfig.defaults());
    journal.applyTo(catalog);
    checks = new ReferenceChecks(this::view, footers);
    assembler =
        new PackAssembler(
            id, vault, footers, new Registrar(), checks, limits, time, randomness, Runnable::run);
    proof = proofPorts();
  }

  private boolean isErased(HostId host) {
    try (CatalogView view = view()) {
      return view.fleet().isErased(host);
    }
  }

  private ProofPorts proofPorts() {
    ChunkReads reads = new ChunkReads(this::view, packs, footers, new SilentReads());
    SnapshotOpener opener =
        new SnapshotOpener(
            id,
            new VaultRecoveryKeys(
                id, vault, () -> new MasterInUse.Numbered(master, 1), this::isErased),
            ChunkGenerations.of(generations),
            reads);
    return new ProofPorts(
        this::view,
        vault,
        packs,
        footers,
        journal,
        commitPath,
        opener,
        () -> new ChunkExam(generations),
        randomness,
        new VaultRoom(() -> freeBytes, 0, 0),
        health,
        new SilentProof());
  }

  /** A consistent view, closed by the caller. */
  public CatalogView view() {
    return catalog.view();
  }

  public RepositoryId id() {
    return id;
  }

  public ManualTime time() {
    return time;
  }

  public DamageableVault vault() {
    return vault;
  }

  /** So many bytes may still be written to it. */
  public void leaveRoom(long bytes) {
    freeBytes = bytes;
  }

  public TestJournal journal() {
    return journal;
  }

  public MutationSealer mutations() {
    return mutations;
  }

  public CommitPath commitPath() {
    return commitPath;
  }

  public Randomness randomness() {
    return randomness;
  }

  /** What a prover or a verification of this repository stands on; new after a restart. */
  public ProofPorts proof() {
    return proof;
  }

  public SnapshotOpener opener() {
    return proof.opener();
  }

  public StoredSnapshot snapshot(SnapshotId snapshot) {
    try (CatalogView view = view()) {
      return view.snapshots().find(snapshot).orElseThrow();
    }
  }

  /** How far a snapshot may be relied on now. */
  public SnapshotHealth.State state(SnapshotId snapshot) {
    try (CatalogView view = view()) {
      return health.of(view.snapshots().find(snapshot).orElseThrow(), view);
    }
  }

  /** Appends one record with one clear change. */
  public void append(Change change) {
    journal.append(List.of(MutationSealer.clear(change))).join();
  }

  private final class Registrar implements PackRegistrar {
    @Override
    public CompletableFuture<Long> register(PackRegistered registration, PackFooter footer) {
      Change change = Change.newBuilder().setPackRegistered(registration).build();
      return journal
          .append(List.of(MutationSealer.clear(change)))
          .thenApply(appended -> appended.slot().seq());
    }
  }

  /** Moves the clock on, so that the next snapshot is a later one. */
  public void passTime(Duration duration) {
    time.advance(duration);
  }

  private static final class SilentReads implements ReadMeter {
    @Override
    public void served(long sealedBytes) {}

    @Override
    public void refused() {}

    @Override
    public void damaged() {}

    @Override
    public void unopened() {}
  }

  private static final class SilentProof implements ProofMeter {
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
