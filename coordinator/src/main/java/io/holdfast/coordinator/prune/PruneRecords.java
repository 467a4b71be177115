package io.holdfast.coordinator.prune;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.catalog.RetentionQueries;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.DeletionCause;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.SnapshotUndeleted;
import io.holdfast.proto.stored.v1.SnapshotsDeleted;
import io.holdfast.proto.stored.v1.SnapshotsDropped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Mutations about deletion, cut to the size that one may have. */
final class PruneRecords {
  private PruneRecords() {}

  /**
   * What one decision about a host says of all it deletes.
   *
   * @param viewSeq of the catalog that it was taken by
   * @param approval empty for none
   */
  record Decided(HostId host, DeletionCause cause, long viewSeq, ByteString approval) {}

  static List<Mutation> deleted(Decided decided, List<SnapshotId> snapshots, Duration undo) {
    List<Mutation> mutations = new ArrayList<>();
    inParts(
        snapshots,
        part -> {
          SnapshotsDeleted deleted =
              SnapshotsDeleted.newBuilder()
                  .setHost(bytes(decided.host()))
                  .addAllSnapshots(part)
                  .setCause(decided.cause())
                  .setViewSeq(decided.viewSeq())
                  .setUndoSeconds(undo.toSeconds())
                  .setApproval(decided.approval())
                  .build();
          mutations.add(clear(Change.newBuilder().setSnapshotsDeleted(deleted)));
        });
    return mutations;
  }

  static Mutation undeleted(SnapshotId snapshot) {
    return clear(
        Change.newBuilder()
            .setSnapshotUndeleted(SnapshotUndeleted.newBuilder().setSnapshot(bytes(snapshot))));
  }

  static List<Mutation> dropped(HostId host, long viewSeq, List<SnapshotId> snapshots) {
    List<Mutation> mutations = new ArrayList<>();
    inParts(
        snapshots,
        part -> {
          SnapshotsDropped dropped =
              SnapshotsDropped.newBuilder()
                  .setHost(bytes(host))
                  .addAllSnapshots(part)
                  .setViewSeq(viewSeq)
                  .build();
          mutations.add(clear(Change.newBuilder().setSnapshotsDropped(dropped)));
        });
    return mutations;
  }

  private static void inParts(List<SnapshotId> snapshots, Consumer<List<ByteString>> each) {
    int most = RetentionQueries.SNAPSHOTS_MAX;
    for (int from = 0; from < snapshots.size(); from += most) {
      List<SnapshotId> part = snapshots.subList(from, Math.min(snapshots.size(), from + most));
      each.accept(part.stream().map(PruneRecords::bytes).toList());
    }
  }

  private static Mutation clear(Change.Builder change) {
    return MutationSealer.clear(change.build());
  }

  static ByteString bytes(HostId host) {
    return ByteString.copyFrom(host.toByteArray());
  }

  static ByteString bytes(SnapshotId snapshot) {
    return ByteString.copyFrom(snapshot.toByteArray());
  }
}
