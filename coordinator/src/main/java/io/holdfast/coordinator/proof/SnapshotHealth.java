package io.holdfast.coordinator.proof;

import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.proto.stored.v1.ProofLevel;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * How far each snapshot may be relied on. The journal keeps what was proven and when something was
 * lost; which snapshots a loss hit is found by walking them again and remembered here, for at most
 * {@link #KEPT_LIMIT} of them and until the process ends: until then, and for the rest, a snapshot
 * that was proven before a loss counts as stored only. Any thread.
 */
public final class SnapshotHealth {
  static final int KEPT_LIMIT = 65_536;

  /** How far a snapshot may be relied on. */
  public enum State {
    /** Durable and whole when it was committed. */
    STORED,
    /** Its sealed bytes were re-read since the last loss. */
    CHECKED,
    /** All of it was opened at this site, and nothing was lost since that it may need. */
    PROVEN,
    /** Something it needs is lost. */
    DAMAGED,
    /** Its host was erased: nobody opens it here any more, and nothing about it is a loss. */
    ERASED
  }

  private final Set<SnapshotId> damaged = new LinkedHashSet<>();

  public synchronized State of(StoredSnapshot snapshot, CatalogView view) {
    if (view.fleet().isErased(snapshot.host())) {
      return State.ERASED;
    }
    if (damaged.contains(snapshot.id())) {
      return State.DAMAGED;
    }
    if (snapshot.proofSeq() <= view.losses().newestFor(snapshot.host())) {
      return State.STORED;
    }
    return switch (snapshot.proof()) {
      case PROOF_LEVEL_PROVEN -> State.PROVEN;
      case PROOF_LEVEL_CHECKED -> State.CHECKED;
      case PROOF_LEVEL_UNSPECIFIED, UNRECOGNIZED -> State.STORED;
    };
  }

  /** As far as a snapshot can be told here: proven, or where no key is, checked. */
  static ProofLevel farthest(CatalogView view) {
    return view.repository().isPrivate()
        ? ProofLevel.PROOF_LEVEL_CHECKED
        : ProofLevel.PROOF_LEVEL_PROVEN;
  }

  /**
   * Whether a proof of {@code snapshot} is due: it never was, or a loss came after it. Of an erased
   * host none is.
   */
  static boolean isDue(StoredSnapshot snapshot, CatalogView view) {
    boolean isTold =
        snapshot.proof() == ProofLevel.PROOF_LEVEL_PROVEN || snapshot.proof() == farthest(view);
    boolean isOpen = !isTold || snapshot.proofSeq() <= view.losses().newestFor(snapshot.host());
    return isOpen && !view.fleet().isErased(snapshot.host());
  }

  /** How many snapshots are known to lack something. */
  public synchronized int damagedCount() {
    return damaged.size();
  }

  /** Its host was erased: what its snapshots lack is nothing to heal. */
  public synchronized void forgetAll(Collection<SnapshotId> snapshots) {
    damaged.removeAll(snapshots);
  }

  /** It is dropped: nobody asks for it any more. */
  public synchronized void forget(SnapshotId snapshot) {
    damaged.remove(snapshot);
  }

  synchronized void markDamaged(SnapshotId snapshot) {
    damaged.add(snapshot);
    if (damaged.size() > KEPT_LIMIT) {
      damaged.remove(damaged.iterator().next());
    }
  }

  synchronized void markWhole(SnapshotId snapshot) {
    damaged.remove(snapshot);
  }
}
