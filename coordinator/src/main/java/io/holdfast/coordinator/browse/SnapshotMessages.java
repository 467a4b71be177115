package io.holdfast.coordinator.browse;

import com.google.protobuf.ByteString;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.KeptSnapshot;
import io.holdfast.coordinator.catalog.RecordedHold;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.proof.SnapshotHealth;
import io.holdfast.proto.stored.v1.DeletionCause;
import io.holdfast.proto.stored.v1.Details;
import io.holdfast.proto.stored.v1.Outcome;
import io.holdfast.proto.stored.v1.SnapshotCommitted;
import io.holdfast.proto.stored.v1.SnapshotDetails;
import io.holdfast.proto.stored.v1.Totals;
import io.holdfast.proto.wire.v1.RunTotals;
import io.holdfast.proto.wire.v1.Snapshot;
import io.holdfast.proto.wire.v1.SnapshotState;

/** Snapshots as they go over the wire: the clear part, the sealed one opened, and their state. */
final class SnapshotMessages {
  private final BrowsePorts ports;

  SnapshotMessages(BrowsePorts ports) {
    this.ports = ports;
  }

  Snapshot of(KeptSnapshot kept, CatalogView view) {
    Snapshot.Builder message = live(kept.stored(), view);
    kept.deletion()
        .ifPresent(deletion ->
            message
                .setDeletedMillis(deletion.timeMillis())
                .setUndoUntilMillis(deletion.undoUntilMillis())
                .setDeletedByRules(deletion.cause() == DeletionCause.DELETION_CAUSE_RETENTION));
    return message.build();
  }

  Snapshot of(StoredSnapshot snapshot, CatalogView view) {
    return live(snapshot, view).build();
  }

  private Snapshot.Builder live(StoredSnapshot snapshot, CatalogView view) {
    SnapshotCommitted committed = snapshot.committed();
    SnapshotDetails details = details(snapshot);
    Snapshot.Builder message = Snapshot.newBuilder();
    snapshot.lastProof().map(Statements::of).ifPresent(message::setProof);
    return message
        .setSnapshot(ByteString.copyFrom(snapshot.id().toByteArray()))
        .setHost(committed.getHost())
        .setHostName(details.getHostName())
        .addAllSources(details.getSourcesList())
        .setTimeMillis(snapshot.timeMillis())
        .setHostTimeMillis(committed.getHostTimeMillis())
        .setDurationMillis(details.getDurationMillis())
        .setTotals(totals(committed.getTotals()))
        .setComplete(committed.getOutcome() == Outcome.OUTCOME_COMPLETE)
        .setState(state(ports.health().of(snapshot, view)))
        .setRoot(committed.getRoot())
        .setRun(committed.getRun())
        .setSeq(snapshot.seq())
        .addAllHolds(view.retention().holdsOn(snapshot.id()).stream().map(this::holdName).toList());
  }

  private String holdName(RecordedHold hold) {
    return ports
        .mutations()
        .open(hold.mutation())
        .map(details -> details.getHold().getName())
        .orElse("");
  }

  private SnapshotDetails details(StoredSnapshot snapshot) {
    return ports
        .mutations()
        .open(snapshot.mutation())
        .map(Details::getSnapshot)
        .orElse(SnapshotDetails.getDefaultInstance());
  }

  private static SnapshotState state(SnapshotHealth.State state) {
    return switch (state) {
      case STORED -> SnapshotState.SNAPSHOT_STATE_STORED;
      case CHECKED -> SnapshotState.SNAPSHOT_STATE_CHECKED;
      case PROVEN -> SnapshotState.SNAPSHOT_STATE_PROVEN;
      case DAMAGED -> SnapshotState.SNAPSHOT_STATE_DAMAGED;
      case ERASED -> SnapshotState.SNAPSHOT_STATE_ERASED;
    };
  }

  private static RunTotals totals(Totals totals) {
    return RunTotals.newBuilder()
        .setEntries(totals.getEntries())
        .setFiles(totals.getFiles())
        .setDirectories(totals.getDirectories())
        .setLogicalBytes(totals.getLogicalBytes())
        .setGaps(totals.getGaps())
        .setUploadedPlainBytes(totals.getUploadedPlainBytes())
        .setUploadedSealedBytes(totals.getUploadedSealedBytes())
        .build();
  }
}
