package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.catalog.store.Reads;
import io.holdfast.proto.stored.v1.ProofLevel;
import java.util.List;
import java.util.Optional;

/** Who said when that something is as it was written. */
public final class ProofQueries {
  private final Reads reads;

  ProofQueries(Reads reads) {
    this.reads = reads;
  }

  /** What was said last of all of a snapshot, live or deleted; empty while it is only stored. */
  public Optional<RecordedProof> ofSnapshot(SnapshotId snapshot) {
    return reads.get(Families.SNAPSHOT_PROOFS, snapshot.toByteArray()).map(RecordedProof::of);
  }

  /** The same of many, by the bytes of their ids and in that order. */
  List<Optional<RecordedProof>> ofSnapshots(List<byte[]> ids) {
    return reads.multiGet(Families.SNAPSHOT_PROOFS, ids).stream()
        .map(row -> row.map(RecordedProof::of))
        .toList();
  }

  /**
   * The newest verification of everything that found nothing wrong, at {@code level} or farther.
   *
   * @param level CHECKED or PROVEN
   */
  public Optional<RecordedVerification> lastVerification(ProofLevel level) {
    return reads
        .get(Families.META, ProofChanges.lastVerification(level))
        .map(RecordedVerification::of);
  }
}
