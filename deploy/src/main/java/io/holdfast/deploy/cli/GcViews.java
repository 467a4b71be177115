package io.holdfast.deploy.cli;

import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.PeopleText;
import io.holdfast.deploy.output.Progress;
import io.holdfast.proto.wire.v1.SweepPhase;
import io.holdfast.proto.wire.v1.SweepProgress;
import io.holdfast.proto.wire.v1.SweepResult;
import java.time.Duration;
import java.util.Optional;

/** How sweeps are shown. */
final class GcViews {
  private GcViews() {}

  static String phase(SweepPhase phase) {
    return switch (phase) {
      case SWEEP_PHASE_IDLE -> "idle";
      case SWEEP_PHASE_MARKING -> "marking";
      case SWEEP_PHASE_CONDEMNING -> "condemning";
      case SWEEP_PHASE_DELETING -> "deleting";
      case SWEEP_PHASE_SEEKING_SURPLUS -> "seeking surplus";
      case SWEEP_PHASE_REWRITING -> "rewriting";
      case SWEEP_PHASE_MEASURING -> "measuring";
      case SWEEP_PHASE_UNSPECIFIED, UNRECOGNIZED -> "unknown";
    };
  }

  static Progress progress(SweepProgress progress) {
    String phase =
        phase(progress.getPhase())
            + ", "
            + PeopleText.count(progress.getMarked(), "reference")
            + " followed";
    return new Progress(phase, Optional.empty(), 0, 0, 0);
  }

  static Fields fields(SweepResult result) {
    return new Fields()
        .duration("duration", Duration.ofMillis(result.getDurationMillis()))
        .count("references", result.getMarked())
        .count("packs", result.getPacks())
        .count("condemned_entries", result.getCondemnedEntries())
        .size("condemned_bytes", result.getCondemnedBytes())
        .count("surplus_entries", result.getSurplusEntries())
        .size("surplus_bytes", result.getSurplusBytes())
        .count("rewritten_packs", result.getRewrittenPacks())
        .count("deleted_packs", result.getDeletedPacks())
        .size("deleted_bytes", result.getDeletedBytes());
  }
}
