package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.HostId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.ProofLevel;
import io.holdfast.proto.stored.v1.SnapshotCommitted;
import java.util.Optional;

/**
 * A snapshot as it was committed, and how far it was proven since.
 *
 * @param seq slot of the record that holds the commit
 * @param timeMillis of that record, by the coordinator's clock
 * @param committed the clear part
 * @param mutation the clear and the sealed part as in the journal
 * @param lastProof what was said last of all of it, empty while it is only stored
 */
public record StoredSnapshot(
    SnapshotId id,
    HostId host,
    long seq,
    long timeMillis,
    SnapshotCommitted committed,
    Mutation mutation,
    Optional<RecordedProof> lastProof) {
  /** UNSPECIFIED while it is only stored. */
  public ProofLevel proof() {
    return lastProof.map(RecordedProof::level).orElse(ProofLevel.PROOF_LEVEL_UNSPECIFIED);
  }

  /**
   * Slot of the newest record of that proof, 0 if there is none: a loss recorded later may have
   * taken something the snapshot needs.
   */
  public long proofSeq() {
    return lastProof.map(last -> last.statement().seq()).orElse(0L);
  }
}
