package io.holdfast.coordinator.proof;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.ErrorKind;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.catalog.Total;
import io.holdfast.coordinator.pack.Pace;
import io.holdfast.proto.stored.v1.ProofLevel;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves, one after another, the snapshots that weren't or that a loss may have hit since.
 *
 * <ol>
 *   <li>I1: an entry is recorded as proven only if it was opened with K and its id recomputed.
 *   <li>I2: a snapshot is recorded as proven only if all it needs has such an entry, and no loss
 *       that concerns its host was recorded between the first look and that record.
 *   <li>I3: a loss is recorded only after two readings; an error that may pass is never one.
 *   <li>I4: a restart proves nothing twice, except what the last record didn't hold yet.
 *   <li>I5: nothing is read while hosts move data, unless the snapshot has waited for longer than
 *       the deadline.
 * </ol>
 *
 * <p>In a private repository, whose keys aren't here, all of this is done at level checked: sealed
 * bytes are read and compared, and pages followed by their clear references.
 *
 * <p>One owner thread polls; memory is bounded by the window of a walk and by {@link WholePages}.
 */
public final class Prover implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Prover.class);

  /** Looking through all snapshots takes at most this part of the time: one twentieth. */
  private static final int LOOK_SHARE = 20;

  /** How soon a waiting prover notices that it is to stop. */
  private static final Duration TURN_LOOK = Duration.ofMillis(250);

  private final ProofPorts ports;
  private final ProofConfig config;
  private final Time time;
  private final Pace pace;
  private final DataActivity activity;
  private final ChunkExam exam;
  private final ProofLevel level;
  private final ProofRecorder proofs;
  private final LossRecorder losses;
  private final Backlog backlog;
  private final WholePages whole = new WholePages();
  private Losses seenLosses = new Losses(-1, -1);
  private long lookedAtSeq = -1;
  private long lookAgainNanos;
  private long provingSinceMillis;
  private volatile boolean stopping;

  /**
   * A prover as the configuration says.
   *
   * @param activity what it stays out of the way of
   */
  public Prover(ProofPorts ports, ProofConfig config, Time time, DataActivity activity) {
    this(ports, config, time, Pace.bytesPerSecond(config.bytesPerSecond(), time), activity);
  }

  /** A prover that reads at another pace than the configuration's, with nobody in its way. */
  public Prover(ProofPorts ports, ProofConfig config, Time time, Pace pace) {
    this(ports, config, time, pace, new DataActivity(time));
  }

  Prover(ProofPorts ports, ProofConfig config, Time time, Pace pace, DataActivity activity) {
    this.ports = ports;
    this.activity = activity;
    this.config = config;
    this.time = time;
    this.pace = bytes -> takeInTurn(pace, bytes);
    this.exam = ports.exams().get();
    this.level = farthest(ports);
    this.proofs = new ProofRecorder(ports, level);
    this.losses = new LossRecorder(ports);
    this.backlog = new Backlog(time, config.retryInterval());
  }

  private static ProofLevel farthest(ProofPorts ports) {
    try (CatalogView view = ports.views().get()) {
      return SnapshotHealth.farthest(view);
    }
  }

  /**
   * Proves one snapshot, if one is due. Owner thread only.
   *
   * @return how long nothing is to do
   */
  public Duration poll() throws InterruptedException {
    Optional<SnapshotId> next = backlog.poll();
    if (next.isEmpty()) {
      return look();
    }
    try {
      prove(next.get());
      return Duration.ZERO;
    } catch (HoldfastException e) {
      return afterFailure(next.get(), e);
    }
  }

  /** Looks for snapshots, unless nothing has happened since the last look. */
  private Duration look() {
    long begin = time.nanos();
    try (CatalogView view = ports.views().get()) {
      if (view.appliedSeq() == lookedAtSeq && begin - lookAgainNanos < 0 && backlog.isEmpty()) {
        return config.lookInterval();
      }
      lookedAtSeq = view.appliedSeq();
      lookAgainNanos = begin + config.retryInterval().toNanos();
      backlog.refill(view, ports.meter());
    }
    if (!backlog.isEmpty()) {
      return Duration.ZERO;
    }
    Duration took = Duration.ofNanos(time.nanos() - begin).multipliedBy(LOOK_SHARE);
    return took.compareTo(config.lookInterval()) > 0 ? took : config.lookInterval();
  }

  private Duration afterFailure(SnapshotId snapshot, HoldfastException e) {
    if (e.kind() == ErrorKind.FENCED) {
      LOG.debug("not proving: {}", e.getMessage());
      return config.lookInterval();
    }
    if (e.code() == ErrorCode.KEY_UNAVAILABLE || e.code() == ErrorCode.HOST_ERASED) {
      LOG.debug("snapshot {} stays unproven: {}", snapshot, e.getMessage());
    } else {
      LOG.warn("snapshot {} can't be proven now: {}", snapshot, e.getMessage());
    }
    backlog.putOff(snapshot);
    return e.kind() == ErrorKind.RETRY ? config.lookInterval() : Duration.ZERO;
  }

  private void prove(SnapshotId id) throws InterruptedException {
    Optional<StoredSnapshot> found = find(id);
    if (found.isPresent()) {
      prove(found.get());
    }
  }

  private Optional<StoredSnapshot> find(SnapshotId id) {
    try (CatalogView view = ports.views().get()) {
      return view.snapshots().find(id).filter(snapshot -> SnapshotHealth.isDue(snapshot, view));
    }
  }

  private void prove(StoredSnapshot snapshot) throws InterruptedException {
    provingSinceMillis = snapshot.timeMillis();
    long lossSeq = ProofRecorder.newestLoss(ports, snapshot);
    forgetWholePagesAfterLoss();
    boolean keyed = level == ProofLevel.PROOF_LEVEL_PROVEN;
    WalkItem root =
        keyed ? WalkItem.root(ports.opener(), snapshot) : WalkItem.rootWithoutKey(snapshot);
    ProvingScope scope = new ProvingScope(ports, proofs, losses, keyed);
    EntryBatch batch =
        new EntryBatch(
            ports, Examiners.caller(exam), pace, scope, at -> at.countsFor(snapshot.host()));
    boolean good = new SnapshotWalk(batch, whole).run(root);
    if (good) {
      ports.health().markWhole(snapshot.id());
      if (proofs.flushWith(snapshot, lossSeq)) { // I2; else it stays due and is walked again
        backlog.done(snapshot.id());
      }
      return;
    }
    proofs.flush();
    backlog.putOff(snapshot.id());
    if (scope.missingCount() > 0) {
      ports.health().markDamaged(snapshot.id());
      LOG.error(
          "snapshot {} of host {} lacks {} chunks; run a backup of the host, which stores again"
              + " what it still has",
          snapshot.id(),
          snapshot.host(),
          scope.missingCount());
    }
  }

  /** What was whole before a loss may not be any more. */
  private void forgetWholePagesAfterLoss() {
    try (CatalogView view = ports.views().get()) {
      Losses now = Losses.of(view);
      if (!now.equals(seenLosses)) {
        whole.clear();
        seenLosses = now;
      }
    }
  }

  /** Changes with every loss, whomever it concerns. */
  private record Losses(long newestForAll, long lostEntries) {
    static Losses of(CatalogView view) {
      return new Losses(view.losses().newestForAll(), view.totals().of(Total.LOST_ENTRIES));
    }
  }

  /**
   * Makes the walk under way end at its next read, for good; what it found up to its last record
   * stays. Any thread. Nobody is interrupted: that would close packs that others read.
   */
  public void stop() {
    stopping = true;
  }

  private void takeInTurn(Pace given, long bytes) throws InterruptedException {
    stopIfAsked();
    for (Duration wait = turn(); wait.isPositive(); wait = turn()) {
      time.sleep(wait.compareTo(TURN_LOOK) < 0 ? wait : TURN_LOOK);
      stopIfAsked();
    }
    given.take(bytes);
  }

  private void stopIfAsked() {
    if (stopping) {
      throw new HoldfastException(ErrorCode.CANCELLED, "the proof is stopping");
    }
  }

  /** How long hosts go first; not for ever: what waited longer than the deadline is read now. */
  private Duration turn() {
    long deadline = provingSinceMillis + config.deadline().toMillis();
    return time.now().toEpochMilli() >= deadline
        ? Duration.ZERO
        : activity.untilIdle(config.idle());
  }

  @Override
  public void close() {
    exam.close();
  }
}
