package io.holdfast.coordinator.serve;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.id.RunId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.key.HostKeyPair;
import io.holdfast.common.key.SealedBox;
import io.holdfast.common.key.Secret;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.common.snapshot.SnapshotFormat;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.EnrolledHost;
import io.holdfast.coordinator.catalog.RecordedJob;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.proto.stored.v1.GrantIssued;
import io.holdfast.proto.wire.v1.OpenRead;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A host reads its own snapshots, and another's under a grant that is in the journal, hasn't
 * expired, and whose restore isn't over: for that the root's K is opened with the other host's
 * recovery key and sealed to the reader. In a private repository a grant lets the sealed bytes be
 * read, and the keys came with the order.
 */
public final class CatalogAccess implements SnapshotAccess {
  /** Looked through for the restore that a grant was given for. */
  private static final int JOBS_MAX = 1_000;

  private final RepositoryId repository;
  private final Supplier<CatalogView> views;
  private final Function<HostId, HostKeyPair> recoveryKeys;
  private final Time time;
  private final Randomness randomness;

  /**
   * Reads what the catalog says now.
   *
   * @param recoveryKeys the recovery key of a host; KEY_UNAVAILABLE where this coordinator holds
   *     none
   */
  public CatalogAccess(
      RepositoryId repository,
      Supplier<CatalogView> views,
      Function<HostId, HostKeyPair> recoveryKeys,
      Time time,
      Randomness randomness) {
    this.repository = repository;
    this.views = views;
    this.recoveryKeys = recoveryKeys;
    this.time = time;
    this.randomness = randomness;
  }

  @Override
  public ReadableSnapshot open(HostId reader, OpenRead request) {
    try (CatalogView view = views.get()) {
      SnapshotId id = snapshotId(request);
      StoredSnapshot snapshot =
          view.snapshots().find(id).orElseThrow(() -> gone(id, reader, request, view));
      if (snapshot.host().equals(reader)) {
        return readable(snapshot, snapshot.committed().getRootForHost(), reader, run(snapshot));
      }
      return granted(reader, snapshot, request, view);
    }
  }

  private ReadableSnapshot granted(
      HostId reader, StoredSnapshot snapshot, OpenRead request, CatalogView view) {
    if (request.getGrant().isEmpty()) {
      throw unknown(snapshot.id()); // whose it is, is nobody else's business
    }
    GrantIssued grant =
        view.fleet().grants(reader, snapshot.id()).stream()
            .map(issued -> issued.grant())
            .filter(issued -> issued.getGrant().equals(request.getGrant()))
            .filter(issued -> issued.getExpiresMillis() > time.now().toEpochMilli())
            .filter(issued -> !isRestoreOver(reader, snapshot.id(), view))
            .findFirst()
            .orElseThrow(() ->
                new HoldfastException(
                    ErrorCode.NOT_AUTHORISED,
                    "host "
                        + reader
                        + " has no valid grant for snapshot "
                        + snapshot.id()
                        + "; order the restore again"));
    EnrolledHost enrolled = view.fleet().host(reader).orElseThrow(() -> unknown(snapshot.id()));
    RunId aadRun = RunId.of(grant.getGrant().toByteArray());
    if (view.repository().isPrivate()) { // the order brought the keys, sealed by whoever has them
      return readable(snapshot, ByteString.EMPTY, reader, aadRun);
    }
    return readable(snapshot, sealedAnew(snapshot, enrolled, aadRun), reader, aadRun);
  }

  /** Whether the reader was told to restore the snapshot, and all of that has ended. */
  private static boolean isRestoreOver(HostId reader, SnapshotId snapshot, CatalogView view) {
    ByteString id = ByteString.copyFrom(snapshot.toByteArray());
    List<RecordedJob> restores =
        view.jobs().newest(reader, JOBS_MAX).stream()
            .filter(job -> job.ordered().getSnapshot().equals(id))
            .toList();
    return !restores.isEmpty() && restores.stream().noneMatch(RecordedJob::isOpen);
  }

  private ByteString sealedAnew(StoredSnapshot snapshot, EnrolledHost reader, RunId aadRun) {
    byte[] boxAad =
        SnapshotFormat.rootAad(repository, snapshot.host(), run(snapshot), root(snapshot));
    byte[] newAad = SnapshotFormat.rootAad(repository, reader.id(), aadRun, root(snapshot));
    try (Secret k =
        SealedBox.open(
            recoveryKeys.apply(snapshot.host()),
            SnapshotFormat.rootInfo(),
            boxAad,
            snapshot.committed().getRootForRecovery().toByteArray())) {
      return ByteString.copyFrom(
          SealedBox.seal(
              Bytes32.of(reader.enrolled().getEncryptionKey().toByteArray()),
              SnapshotFormat.rootInfo(),
              newAad,
              k.toByteArray(),
              randomness));
    }
  }

  private static ReadableSnapshot readable(
      StoredSnapshot snapshot, ByteString rootForReader, HostId aadHost, RunId aadRun) {
    return new ReadableSnapshot(
        new ChunkRef(ChunkKind.PAGE, root(snapshot)),
        snapshot.host(),
        run(snapshot),
        rootForReader,
        aadHost,
        aadRun);
  }

  private static ChunkId root(StoredSnapshot snapshot) {
    return ChunkId.of(snapshot.committed().getRoot().toByteArray());
  }

  private static RunId run(StoredSnapshot snapshot) {
    return RunId.of(snapshot.committed().getRun().toByteArray());
  }

  private static SnapshotId snapshotId(OpenRead request) {
    if (request.getSnapshot().size() != Bytes32.LENGTH) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT, "a snapshot id has 32 bytes; copy it whole");
    }
    return SnapshotId.of(request.getSnapshot().toByteArray());
  }

  /** That it is deleted is said to whom it would have been shown. */
  private static HoldfastException gone(
      SnapshotId id, HostId reader, OpenRead request, CatalogView view) {
    return view.snapshots()
        .findKept(id)
        .filter(kept ->
            kept.stored().host().equals(reader)
                || view.fleet().grants(reader, id).stream()
                    .anyMatch(issued -> issued.grant().getGrant().equals(request.getGrant())))
        .map(kept ->
            new HoldfastException(
                ErrorCode.SNAPSHOT_DELETED,
                "snapshot "
                    + id
                    + " is deleted; have it back first, at the coordinator, by: holdfast snapshot"
                    + " undelete "
                    + id))
        .orElseGet(() -> unknown(id));
  }

  private static HoldfastException unknown(SnapshotId id) {
    return new HoldfastException(
        ErrorCode.SNAPSHOT_NOT_FOUND,
        "no snapshot " + id + " of this host; list them with `holdfast snapshot ls`");
  }
}
