package io.holdfast.coordinator.proof;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.rpc.Futures;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.KnownPack;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.catalog.Total;
import io.holdfast.coordinator.pack.Pace;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.ProofLevel;
import io.holdfast.proto.stored.v1.VerificationEnded;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;

/**
 * Re-reads on an operator's word, at full pace. Level checked reads every pack from end to end and
 * needs no key; level proven also opens everything that any snapshot reaches. One snapshot alone is
 * walked from its root at either level. Losses found are recorded, and so is what was found good.
 * Where everything is verified, what was lost and is there again is stored anew first.
 *
 * <p>Each call runs in its caller's thread with {@link #LANES} more that read packs and open
 * chunks; several may run at once. Memory: the packs or runs of chunks being read, one bit an entry
 * at level proven, the faults.
 */
public final class Verify {
  /** Packs, or runs of chunks, read at once. */
  static final int LANES = 2;

  private static final int PACK_BATCH = 64;

  private final ProofPorts ports;
  private final ThreadFactory threads;

  public Verify(ProofPorts ports) {
    this(ports, Thread.ofPlatform().name("verify-", 1).factory());
  }

  /** As the other, with lanes on threads that {@code threads} makes. */
  public Verify(ProofPorts ports, ThreadFactory threads) {
    this.ports = ports;
    this.threads = threads;
  }

  /**
   * Verifies {@code snapshot}, or everything registered when it begins. Errors are those of reading
   * the catalog and of journalling, and HOST_ERASED for the one snapshot asked for, KEY_UNAVAILABLE
   * for level proven in a private repository; what is wrong with the stored bytes is told to {@code
   * listener}.
   *
   * @param level CHECKED or PROVEN
   */
  public VerifyTally run(
      ProofLevel level, Optional<StoredSnapshot> snapshot, VerifyListener listener)
      throws InterruptedException {
    if (level != ProofLevel.PROOF_LEVEL_CHECKED && level != ProofLevel.PROOF_LEVEL_PROVEN) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT, "say how far to verify: checked or proven");
    }
    if (level == ProofLevel.PROOF_LEVEL_PROVEN) {
      requireKeys();
    }
    try (Run run = new Run(level, listener)) {
      return snapshot.isPresent() ? run.one(snapshot.get()) : run.all();
    }
  }

  /**
   * Journals that a verification of everything came to its end; what it found is recorded already.
   * Errors of the journal.
   *
   * @param others what is wrong with other objects of the vault than packs
   */
  public void conclude(ProofLevel level, VerifyTally tally, long others)
      throws InterruptedException {
    VerificationEnded.Builder ended =
        VerificationEnded.newBuilder()
            .setLevel(level)
            .setThroughSeq(tally.throughSeq())
            .setPacks(tally.packs())
            .setChunks(tally.chunks())
            .setBytes(tally.bytes())
            .setSnapshots(tally.snapshots())
            .setErasedSnapshots(tally.erased())
            .setFaults(tally.faults() + others);
    Journalled.append(
        ports.journal(), List.of(Change.newBuilder().setVerificationEnded(ended).build()));
  }

  private void requireKeys() {
    try (CatalogView view = ports.views().get()) {
      if (view.repository().isPrivate()) {
        throw new HoldfastException(
            ErrorCode.KEY_UNAVAILABLE,
            "this repository is private: no coordinator has the keys to prove what is stored;"
                + " verify it with --level checked, and restore something on the host itself, where"
                + " a sample is read back");
      }
    }
  }

  /** One verification. */
  private final class Run implements AutoCloseable {
    private final ProofLevel level;
    private final VerifyListener listener;
    private final VerifyFindings findings;
    private final ProofRecorder checked;
    private final List<ChunkExam> exams = Stream.generate(ports.exams()).limit(LANES).toList();
    private final WholePages whole = new WholePages();
    private final ExecutorService lanes = Executors.newFixedThreadPool(LANES, threads);
    private final Examiners examiners = Examiners.on(lanes, exams);
    private final Queue<Future<PackCheck>> reading = new ArrayDeque<>();
    private long packs;
    private long packsExpected;
    private long bytesExpected;
    private long snapshots;
    private long erased;
    private long foundAgain;
    private long throughSeq;

    Run(ProofLevel level, VerifyListener listener) {
      this.level = level;
      this.listener = listener;
      this.findings = new VerifyFindings(ports, level, listener);
      this.checked = new ProofRecorder(ports, ProofLevel.PROOF_LEVEL_CHECKED);
    }

    VerifyTally one(StoredSnapshot snapshot) throws InterruptedException {
      walk(snapshot);
      if (erased > 0) {
        ports.opener().root(snapshot); // throws why
      }
      findings.finish(SnapshotsInOrder.of(ports.views(), snapshot.host()));
      return tally();
    }

    VerifyTally all() throws InterruptedException {
      foundAgain = new LostAndFound(ports, Pace.unlimited()).look(() -> listener.progress(tally()));
      throughSeq = expect();
      readPacks();
      checked.flush();
      if (level == ProofLevel.PROOF_LEVEL_PROVEN) {
        walkAll();
      }
      findings.finish(SnapshotsInOrder.ofAll(ports.views()));
      return tally();
    }

    private long expect() {
      try (CatalogView view = ports.views().get()) {
        packsExpected = view.totals().of(Total.PACKS);
        long bytes = view.totals().of(Total.STORED_BYTES);
        bytesExpected = level == ProofLevel.PROOF_LEVEL_PROVEN ? 2 * bytes : bytes;
        return view.appliedSeq();
      }
    }

    private void readPacks() throws InterruptedException {
      int number = 0;
      List<KnownPack> batch = packsFrom(number);
      while (!batch.isEmpty()) {
        for (KnownPack known : batch) {
          if (known.pack().seq() <= throughSeq && !known.state().isLost()) {
            reading.add(lanes.submit(() -> new PackCheck(ports.vault(), known).run()));
          }
          takeWhile(2 * LANES);
        }
        number = batch.getLast().pack().number() + 1;
        batch = packsFrom(number);
      }
      takeWhile(1);
    }

    private List<KnownPack> packsFrom(int number) {
      try (CatalogView view = ports.views().get()) {
        return view.packs().from(number, PACK_BATCH);
      }
    }

    /** Takes over what is read, in order, until fewer than {@code count} packs are under way. */
    private void takeWhile(int count) throws InterruptedException {
      while (reading.size() >= count) {
        findings.take(Futures.await(reading.remove()), checked);
        packs++;
        listener.progress(tally());
      }
    }

    private void walkAll() throws InterruptedException {
      SnapshotsInOrder all = SnapshotsInOrder.ofAll(ports.views());
      for (Optional<StoredSnapshot> next = all.next(); next.isPresent(); next = all.next()) {
        walk(next.get());
      }
    }

    private void walk(StoredSnapshot snapshot) throws InterruptedException {
      long lossSeq = ProofRecorder.newestLoss(ports, snapshot);
      Optional<WalkItem> root = root(snapshot);
      if (root.isPresent()) {
        EntryBatch batch =
            new EntryBatch(
                ports, examiners, Pace.unlimited(), findings, at -> at.countsFor(snapshot.host()));
        walk(snapshot, new SnapshotWalk(batch, whole), root.get(), lossSeq);
      }
      snapshots += root.isPresent() ? 1 : 0;
      listener.progress(tally());
    }

    private void walk(StoredSnapshot snapshot, SnapshotWalk walk, WalkItem root, long lossSeq)
        throws InterruptedException {
      long missing = findings.missingChunks();
      try {
        if (walk.run(root)) {
          ports.health().markWhole(snapshot.id());
          findings.proofs().flushWith(snapshot, lossSeq);
        } else if (findings.missingChunks() > missing) {
          ports.health().markDamaged(snapshot.id());
        }
      } catch (HoldfastException e) {
        throwUnlessTold(e);
      }
    }

    /** What ends the walk of one snapshot is a fault; what ends this coordinator's part isn't. */
    private void throwUnlessTold(HoldfastException e) {
      switch (e.kind()) {
        case CORRUPT, RETRY, NOT_FOUND, INVALID, EXHAUSTED -> findings.add(e);
        case FENCED, UNAUTHENTICATED, DENIED, CONFLICT, INTERNAL -> throw e;
      }
    }

    /** Empty if nobody here can open it, which is a fault of its own. */
    private Optional<WalkItem> root(StoredSnapshot snapshot) {
      if (level == ProofLevel.PROOF_LEVEL_CHECKED) {
        return Optional.of(WalkItem.rootWithoutKey(snapshot));
      }
      try {
        return Optional.of(WalkItem.root(ports.opener(), snapshot));
      } catch (HoldfastException e) {
        if (e.code() == ErrorCode.HOST_ERASED) {
          erased++; // on purpose: neither a fault nor a loss
        } else {
          findings.add(e);
        }
        return Optional.empty();
      }
    }

    private VerifyTally tally() {
      return new VerifyTally(
          packs,
          packsExpected,
          findings.bytes(),
          bytesExpected,
          findings.chunks(),
          findings.faults(),
          snapshots,
          erased,
          foundAgain,
          throughSeq);
    }

    @Override
    public void close() {
      reading.forEach(pack -> pack.cancel(false));
      lanes.close();
      exams.forEach(ChunkExam::close);
    }
  }
}
