package io.holdfast.coordinator.browse;

import com.google.protobuf.ByteString;
import io.holdfast.coordinator.catalog.PackQueries.LastRead;
import io.holdfast.coordinator.catalog.RecordedProof;
import io.holdfast.coordinator.catalog.RecordedVerification;
import io.holdfast.coordinator.catalog.Statement;
import io.holdfast.proto.stored.v1.ProofLevel;
import io.holdfast.proto.wire.v1.ProofStatement;
import io.holdfast.proto.wire.v1.VerifyLevel;

/** What coordinators said of what they read, as it goes over the wire. */
final class Statements {
  private Statements() {}

  static ProofStatement of(RecordedProof proof) {
    return of(level(proof.level()), proof.statement());
  }

  static ProofStatement of(RecordedVerification verification) {
    return of(level(verification.ended().getLevel()), verification.statement());
  }

  /** Read from end to end, if it was since it was written: at level checked. */
  static ProofStatement of(LastRead pack) {
    VerifyLevel level =
        pack.isRead() ? VerifyLevel.VERIFY_LEVEL_CHECKED : VerifyLevel.VERIFY_LEVEL_UNSPECIFIED;
    return of(level, pack.by());
  }

  private static ProofStatement of(VerifyLevel level, Statement by) {
    return ProofStatement.newBuilder()
        .setLevel(level)
        .setTimeMillis(by.timeMillis())
        .setCoordinator(ByteString.copyFrom(by.writer().toByteArray()))
        .setTerm(by.term())
        .setSeq(by.seq())
        .build();
  }

  private static VerifyLevel level(ProofLevel level) {
    return switch (level) {
      case PROOF_LEVEL_CHECKED -> VerifyLevel.VERIFY_LEVEL_CHECKED;
      case PROOF_LEVEL_PROVEN -> VerifyLevel.VERIFY_LEVEL_PROVEN;
      case PROOF_LEVEL_UNSPECIFIED, UNRECOGNIZED -> VerifyLevel.VERIFY_LEVEL_UNSPECIFIED;
    };
  }
}
