package io.holdfast.coordinator.proof;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.PackId;
import io.holdfast.coordinator.catalog.Location;
import io.holdfast.proto.stored.v1.LossCause;
import io.holdfast.proto.stored.v1.ProofLevel;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one verification finds: records losses and proofs, gathers faults until the files that need
 * them are known. As a scope it opens everything once: one bit an entry tells what was opened. One
 * thread.
 */
final class VerifyFindings implements WalkScope {
  private static final Logger LOG = LoggerFactory.getLogger(VerifyFindings.class);

  /** Faults gathered; beyond that they are told without files. */
  static final int GATHERED_LIMIT = 4_096;

  private final ProofPorts ports;
  private final VerifyListener listener;
  private final LossRecorder losses;
  private final ProofRecorder proofs;
  private final Map<PackId, BitSet> seen = new HashMap<>();
  private final Set<ChunkRef> missing = new HashSet<>();
  private final List<Fault> gathered = new ArrayList<>();
  private long faults;
  private long missingChunks;
  private long chunks;
  private boolean packsWereRead;
  private long bytes;

  VerifyFindings(ProofPorts ports, ProofLevel level, VerifyListener listener) {
    this.ports = ports;
    this.listener = listener;
    this.losses = new LossRecorder(ports);
    this.proofs = new ProofRecorder(ports, level);
  }

  long faults() {
    return faults;
  }

  /** How often a walk met a chunk that is nowhere any more. */
  long missingChunks() {
    return missingChunks;
  }

  long chunks() {
    return chunks;
  }

  long bytes() {
    return bytes;
  }

  ProofRecorder proofs() {
    return proofs;
  }

  /**
   * Takes over what reading a pack from end to end told, and records it at level checked; and that
   * it was read, if all of it could be judged.
   */
  void take(PackCheck check, ProofRecorder checked) throws InterruptedException {
    bytes += check.bytesRead();
    packsWereRead = true;
    chunks += check.good().cardinality();
    for (Fault fault : check.faults()) {
      add(fault);
    }
    for (PackCheck.BadEntry bad : check.bad()) {
      bad.cause().ifPresent(cause -> lost(check.pack(), bad.entry(), cause));
      add(bad.fault());
    }
    if (check.isGone()) {
      ports.meter().bad(LossCause.LOSS_CAUSE_PACK_MISSING);
      losses.addAll(check.pack());
    }
    settle();
    BitSet news = check.tellsNothingNew() ? new BitSet() : check.good();
    if (check.isToldWhole()) {
      checked.addWhole(check.pack(), news);
    } else if (!news.isEmpty()) {
      checked.addAll(check.pack(), news);
    }
  }

  private void lost(PackId pack, int entry, LossCause cause) {
    ports.meter().bad(cause);
    losses.add(pack, entry, cause);
  }

  private void add(Fault fault) {
    faults++;
    LOG.error("verify: {}", fault.error().getMessage());
    if (gathered.size() < GATHERED_LIMIT) {
      gathered.add(fault);
    }
  }

  @Override
  public boolean isSettled(Location at) {
    BitSet pack = seen.get(at.pack());
    return pack != null && pack.get(at.entry());
  }

  @Override
  public void good(Location at, ChunkRef chunk) throws InterruptedException {
    if (isSettled(at)) {
      return;
    }
    seen.computeIfAbsent(at.pack(), pack -> new BitSet()).set(at.entry());
    chunks += packsWereRead ? 0 : 1; // else counted when its pack was read
    bytes += at.sealedLength();
    ports.meter().good(at.sealedLength());
    if (!at.proven()) {
      proofs.add(at.pack(), at.entry());
    }
  }

  @Override
  public void lost(Location at, ChunkRef chunk, LossCause cause, HoldfastException why) {
    lost(at.pack(), at.entry(), cause);
    add(fault(at, chunk, why));
  }

  @Override
  public void untold(Location at, ChunkRef chunk, HoldfastException why) {
    ports.meter().untold();
    add(fault(at, chunk, why));
  }

  private static Fault fault(Location at, ChunkRef chunk, HoldfastException why) {
    return new Fault(Optional.of(at.pack()), at.offset(), Optional.of(chunk), why, List.of());
  }

  @Override
  public void missing(ChunkRef chunk) {
    missingChunks++;
    boolean known = gathered.stream().anyMatch(fault -> fault.chunk().equals(Optional.of(chunk)));
    if (!known && missing.size() < GATHERED_LIMIT && missing.add(chunk)) {
      add(new Fault(Optional.empty(), 0, Optional.of(chunk), WalkItem.notThere(chunk), List.of()));
    }
  }

  /** Something is wrong that has no place in a pack. */
  void add(HoldfastException why) {
    add(new Fault(Optional.empty(), 0, Optional.empty(), why, List.of()));
  }

  @Override
  public void settle() throws InterruptedException {
    losses.flush();
  }

  /** Journals what is left, and tells every fault with the files that need it. */
  void finish(SnapshotsInOrder snapshots) throws InterruptedException {
    proofs.flush();
    Set<ChunkRef> wanted =
        gathered.stream().flatMap(fault -> fault.chunk().stream()).collect(Collectors.toSet());
    FaultFiles files = new FaultFiles(ports, wanted);
    if (!wanted.isEmpty()) {
      files.search(snapshots);
    }
    for (Fault fault : gathered) {
      listener.fault(fault.withFiles(fault.chunk().map(files::of).orElse(List.of())));
    }
  }
}
