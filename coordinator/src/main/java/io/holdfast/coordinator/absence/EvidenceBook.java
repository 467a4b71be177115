package io.holdfast.coordinator.absence;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.SeriesId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.absence.Evidence.Flaw;
import io.holdfast.coordinator.absence.Evidence.Flawed;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.coordinator.proof.SnapshotHealth;
import io.holdfast.proto.stored.v1.ProofLevel;
import io.holdfast.proto.stored.v1.SnapshotCommitted;
import io.holdfast.proto.stored.v1.Totals;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds the newest good snapshot of each series. It remembers the newest few of them and how far it
 * has read each host's snapshots, so that it reads each snapshot once; what it remembers it looks
 * at again each time, because a snapshot can be proven, damaged or deleted later. One thread.
 *
 * <ol>
 *   <li>I1: what is remembered of a host is of exactly the series that are asked for, under their
 *       limits of gaps: with others its snapshots are read again from the first.
 *   <li>I2: of a series the newest {@link #CANDIDATES} without too many gaps are remembered, and
 *       the last that was good. If none of these is, all are looked through, once for each new one.
 * </ol>
 */
final class EvidenceBook {
  private static final int CANDIDATES = 4;

  /** More than the snapshots of one host at one time, which a batch must not end in. */
  private static final int BATCH = 1_024;

  /** One series. */
  private static final class Trail {
    private final int gapsLimit;
    private final Deque<SnapshotId> newest = new ArrayDeque<>();
    private Optional<Flawed> newestGaps = Optional.empty();
    private Optional<GoodSnapshot> lastGood = Optional.empty();
    private long searchedThroughSeq;

    Trail(int gapsLimit) {
      this.gapsLimit = gapsLimit;
    }
  }

  /** One host. */
  private static final class Host {
    private final Map<SeriesId, Trail> trails = new HashMap<>();
    private long throughMillis;
    private long throughSeq;
  }

  private final SnapshotHealth health;
  private final MutationSealer mutations;
  private final Optional<Duration> proofWithin;
  private final Map<HostId, Host> hosts = new HashMap<>();

  /**
   * @param proofWithin how soon after its commit a snapshot has to be proven; empty where nobody
   *     proves
   */
  EvidenceBook(SnapshotHealth health, MutationSealer mutations, Optional<Duration> proofWithin) {
    this.health = health;
    this.mutations = mutations;
    this.proofWithin = proofWithin;
  }

  /** Forgets all hosts but these. */
  void keepOnly(Set<HostId> those) {
    hosts.keySet().retainAll(those);
  }

  /** What there is of each of {@code expectations}, which are all of {@code id}'s, in order. */
  List<Evidence> of(CatalogView view, HostId id, List<Expectation> expectations, Instant now) {
    Host host = hosts.get(id);
    if (host == null || !isOfExactly(host, expectations)) {
      host = new Host();
      for (Expectation each : expectations) {
        host.trails.put(each.target().series(), new Trail(each.gapsLimit()));
      }
      hosts.put(id, host);
    }
    read(view, id, host, expectations);
    Host known = host;
    return expectations.stream().map(each -> evidence(view, id, known, each, now)).toList();
  }

  private static boolean isOfExactly(Host host, List<Expectation> expectations) {
    return host.trails.size() == expectations.size()
        && expectations.stream()
            .allMatch(each -> {
              Trail trail = host.trails.get(each.target().series());
              return trail != null && trail.gapsLimit == each.gapsLimit();
            });
  }

  /** Times and seqs of records only rise; what one record holds may be split between batches. */
  private static void read(CatalogView view, HostId id, Host host, List<Expectation> expectations) {
    long before = host.throughSeq;
    Set<SnapshotId> ofThisTime = new HashSet<>();
    boolean more = true;
    while (more) {
      List<StoredSnapshot> batch = view.snapshots().ofHost(id, host.throughMillis, BATCH);
      boolean news = false;
      for (StoredSnapshot snapshot : batch) {
        if (snapshot.timeMillis() > host.throughMillis) {
          ofThisTime.clear();
        }
        if (snapshot.seq() > before && ofThisTime.add(snapshot.id())) {
          note(snapshot, host, expectations);
          host.throughMillis = snapshot.timeMillis();
          host.throughSeq = Math.max(host.throughSeq, snapshot.seq());
          news = true;
        }
      }
      more = news && batch.size() == BATCH;
    }
  }

  private static void note(StoredSnapshot snapshot, Host host, List<Expectation> expectations) {
    for (Expectation each : expectations) {
      if (isOf(snapshot.committed(), each)) {
        note(snapshot, host.trails.get(each.target().series()));
      }
    }
  }

  private static void note(StoredSnapshot snapshot, Trail trail) {
    if (snapshot.committed().getTotals().getGaps() > trail.gapsLimit) {
      trail.newestGaps = Optional.of(flawed(snapshot, Flaw.GAPS));
      return;
    }
    trail.newest.addFirst(snapshot.id());
    if (trail.newest.size() > CANDIDATES) {
      trail.newest.removeLast();
    }
  }

  private static boolean isOf(SnapshotCommitted committed, Expectation expectation) {
    Expectation.Target target = expectation.target();
    return isOfItsRuns(committed, target)
        || target
            .sourceSet()
            .map(set -> committed.getSourceSet().equals(bytes(set.toByteArray())))
            .orElse(false);
  }

  private static boolean isOfItsRuns(SnapshotCommitted committed, Expectation.Target target) {
    return committed.hasScheduled()
        && committed.getScheduled().getSeries().equals(bytes(target.series().toByteArray()));
  }

  private static ByteString bytes(byte[] bytes) {
    return ByteString.copyFrom(bytes);
  }

  private Evidence evidence(
      CatalogView view, HostId id, Host host, Expectation expectation, Instant now) {
    Trail trail = host.trails.get(expectation.target().series());
    Optional<Flawed> newer = Optional.empty();
    for (SnapshotId candidate : trail.newest) {
      Optional<StoredSnapshot> found = view.snapshots().find(candidate);
      Optional<Flaw> flaw = found.flatMap(each -> flaw(view, each, expectation, now));
      if (found.isPresent() && flaw.isEmpty()) {
        trail.lastGood = Optional.of(good(found.get(), expectation, trail.lastGood));
        return of(trail, newer);
      }
      if (newer.isEmpty() && flaw.isPresent()) {
        newer = Optional.of(flawed(found.get(), flaw.get()));
      }
    }
    trail.lastGood =
        trail
            .lastGood
            .flatMap(last -> view.snapshots().find(last.id()))
            .filter(found -> flaw(view, found, expectation, now).isEmpty())
            .map(found -> good(found, expectation, trail.lastGood));
    if (trail.lastGood.isEmpty() && trail.searchedThroughSeq < host.throughSeq) {
      trail.searchedThroughSeq = host.throughSeq;
      trail.lastGood = search(view, id, expectation, now);
    }
    return of(trail, newer);
  }

  private static Evidence of(Trail trail, Optional<Flawed> newer) {
    Instant good = trail.lastGood.map(GoodSnapshot::committed).orElse(Instant.MIN);
    Optional<Flawed> newest =
        Stream.of(newer, trail.newestGaps)
            .flatMap(Optional::stream)
            .filter(flawed -> flawed.committed().isAfter(good))
            .max(Comparator.comparing(Flawed::committed));
    return new Evidence(trail.lastGood, newest);
  }

  /** The newest good one of all. */
  private Optional<GoodSnapshot> search(
      CatalogView view, HostId id, Expectation expectation, Instant now) {
    Optional<StoredSnapshot> newest = Optional.empty();
    long from = 0;
    List<StoredSnapshot> batch = view.snapshots().ofHost(id, from, BATCH);
    while (!batch.isEmpty()) {
      for (StoredSnapshot snapshot : batch) {
        boolean counts =
            isOf(snapshot.committed(), expectation)
                && flaw(view, snapshot, expectation, now).isEmpty();
        newest = counts ? Optional.of(snapshot) : newest;
      }
      from = batch.getLast().timeMillis() + 1;
      batch = batch.size() < BATCH ? List.of() : view.snapshots().ofHost(id, from, BATCH);
    }
    return newest.map(found -> good(found, expectation, Optional.empty()));
  }

  private Optional<Flaw> flaw(
      CatalogView view, StoredSnapshot snapshot, Expectation expectation, Instant now) {
    if (health.of(snapshot, view) == SnapshotHealth.State.DAMAGED) {
      return Optional.of(Flaw.DAMAGED);
    }
    if (snapshot.committed().getTotals().getGaps() > expectation.gapsLimit()) {
      return Optional.of(Flaw.GAPS);
    }
    boolean neverProven = snapshot.proof() == ProofLevel.PROOF_LEVEL_UNSPECIFIED;
    Instant committed = Instant.ofEpochMilli(snapshot.timeMillis());
    boolean tooLate = proofWithin.map(within -> now.isAfter(committed.plus(within))).orElse(false);
    return neverProven && tooLate ? Optional.of(Flaw.UNPROVEN) : Optional.empty();
  }

  private static Flawed flawed(StoredSnapshot snapshot, Flaw flaw) {
    return new Flawed(
        Instant.ofEpochMilli(snapshot.timeMillis()),
        flaw,
        snapshot.committed().getTotals().getGaps());
  }

  /** Opens the sealed part once. */
  private GoodSnapshot good(
      StoredSnapshot snapshot, Expectation expectation, Optional<GoodSnapshot> known) {
    if (known.isPresent() && known.get().id().equals(snapshot.id())) {
      return known.get();
    }
    SnapshotCommitted committed = snapshot.committed();
    long tookMillis =
        mutations
            .open(snapshot.mutation())
            .map(details -> details.getSnapshot().getDurationMillis())
            .orElse(0L);
    Optional<Instant> nominal =
        isOfItsRuns(committed, expectation.target())
            ? Optional.of(Instant.ofEpochSecond(committed.getScheduled().getNominalSeconds()))
            : Optional.empty();
    Totals totals = committed.getTotals();
    return new GoodSnapshot(
        snapshot.id(),
        Instant.ofEpochMilli(snapshot.timeMillis()),
        Duration.ofMillis(tookMillis),
        nominal,
        new GoodSnapshot.Amount(
            totals.getFiles(),
            totals.getLogicalBytes(),
            totals.getUploadedPlainBytes(),
            totals.getUploadedSealedBytes()));
  }
}
