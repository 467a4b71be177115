package io.holdfast.coordinator.proof;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.PackId;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Proof;
import io.holdfast.proto.stored.v1.ProofLevel;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;

/**
 * Gathers what was found good and journals it, many packs in one record. What isn't journalled when
 * the process ends is read again. One thread.
 */
final class ProofRecorder {
  /** Packs of one record. */
  static final int PACKS_LIMIT = 512;

  /** Entries gathered before they are journalled. */
  static final int ENTRIES_LIMIT = 65_536;

  private final ProofPorts ports;
  private final ProofLevel level;
  private final Map<PackId, Found> pending = new LinkedHashMap<>();
  private int entries;

  /** What was found good of one pack, and whether all of it was read. */
  private static final class Found {
    private final BitSet good = new BitSet();
    private boolean whole;
  }

  ProofRecorder(ProofPorts ports, ProofLevel level) {
    this.ports = ports;
    this.level = level;
  }

  void add(PackId pack, int entry) throws InterruptedException {
    of(pack).good.set(entry);
    entries++;
    flushIfFull();
  }

  void addAll(PackId pack, BitSet good) throws InterruptedException {
    of(pack).good.or(good);
    entries += good.cardinality();
    flushIfFull();
  }

  /** The pack was read from end to end, and {@code good} is what of it is news. */
  void addWhole(PackId pack, BitSet good) throws InterruptedException {
    of(pack).whole = true;
    addAll(pack, good);
  }

  private Found of(PackId pack) {
    return pending.computeIfAbsent(pack, id -> new Found());
  }

  /** Whether it was found good and isn't journalled yet. */
  boolean holds(PackId pack, int entry) {
    Found found = pending.get(pack);
    return found != null && found.good.get(entry);
  }

  private void flushIfFull() throws InterruptedException {
    if (pending.size() >= PACKS_LIMIT || entries >= ENTRIES_LIMIT) {
      flush();
    }
  }

  void flush() throws InterruptedException {
    append(List.of());
  }

  /**
   * Journals what was gathered and, with it, that all of {@code snapshot} was found good, unless a
   * loss that concerns its host was recorded since {@code lossSeq} was the newest: what was looked
   * at before it proves nothing.
   *
   * @return whether the snapshot was recorded
   */
  boolean flushWith(StoredSnapshot snapshot, long lossSeq) throws InterruptedException {
    Lock shared = ports.commitPath().shared();
    shared.lock();
    try {
      boolean stands = newestLoss(ports, snapshot) == lossSeq;
      append(stands ? List.of(whole(snapshot)) : List.of());
      return stands;
    } finally {
      shared.unlock();
    }
  }

  static long newestLoss(ProofPorts ports, StoredSnapshot snapshot) {
    try (CatalogView view = ports.views().get()) {
      return view.losses().newestFor(snapshot.host());
    }
  }

  private Change whole(StoredSnapshot snapshot) {
    return Change.newBuilder()
        .setProof(
            Proof.newBuilder()
                .setLevel(level)
                .addSnapshots(ByteString.copyFrom(snapshot.id().toByteArray())))
        .build();
  }

  private void append(List<Change> last) throws InterruptedException {
    List<Change> changes = new ArrayList<>();
    pending.forEach((pack, found) -> changes.add(change(pack, found)));
    changes.addAll(last);
    Journalled.append(ports.journal(), changes);
    pending.clear();
    entries = 0;
  }

  private Change change(PackId pack, Found found) {
    return Change.newBuilder()
        .setProof(
            Proof.newBuilder()
                .setPack(ByteString.copyFrom(pack.toByteArray()))
                .setLevel(level)
                .setEntries(ByteString.copyFrom(found.good.toByteArray()))
                .setWhole(found.whole))
        .build();
  }
}
