package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.SnapshotId;
import io.holdfast.proto.stored.v1.ProofLevel;
import io.holdfast.proto.stored.v1.VerificationEnded;

/** Effects of what is said of snapshots, and of everything that is stored. */
final class ProofChanges {
  private ProofChanges() {}

  /** All of a snapshot was found good. */
  static void proveSnapshot(SnapshotId id, ProofLevel level, Effects effects) {
    byte[] key = id.toByteArray();
    if (effects.has(Families.DELETED_SNAPSHOTS, key) || effects.has(Families.TOMBSTONES, key)) {
      return; // deleted while it was being proven
    }
    if (!effects.has(Families.SNAPSHOTS, key)) {
      effects.ignore();
      return;
    }
    int before =
        effects
            .get(Families.SNAPSHOT_PROOFS, key)
            .map(row -> RecordedProof.of(row).level().getNumber())
            .orElse(0);
    // Equal too: a proof made again after a loss has to bear its own seq.
    if (level.getNumber() >= before) {
      effects.put(
          Families.SNAPSHOT_PROOFS, key, new RecordedProof(level, effects.statement()).toRow());
    }
  }

  /** The newest one that found nothing wrong is kept, for its level and for what is below. */
  static void endVerification(VerificationEnded change, Effects effects) {
    ProofLevel level = known(change.getLevel());
    if (change.getFaults() != 0) {
      return; // what was found is in records of its own
    }
    byte[] row = new RecordedVerification(effects.statement(), change).toRow();
    effects.put(Families.META, Keys.LAST_CHECKED, row);
    if (level == ProofLevel.PROOF_LEVEL_PROVEN) {
      effects.put(Families.META, Keys.LAST_PROVEN, row);
    }
  }

  static byte[] lastVerification(ProofLevel level) {
    return known(level) == ProofLevel.PROOF_LEVEL_PROVEN ? Keys.LAST_PROVEN : Keys.LAST_CHECKED;
  }

  static ProofLevel known(ProofLevel level) {
    return switch (level) {
      case PROOF_LEVEL_CHECKED, PROOF_LEVEL_PROVEN -> level;
      case PROOF_LEVEL_UNSPECIFIED, UNRECOGNIZED -> throw Fields.unknown("proof level");
    };
  }
}
