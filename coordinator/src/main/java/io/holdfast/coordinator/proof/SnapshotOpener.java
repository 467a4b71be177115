package io.holdfast.coordinator.proof;

import io.holdfast.common.entry.Reference;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.id.RunId;
import io.holdfast.common.key.HostKeyPair;
import io.holdfast.common.key.SealedBox;
import io.holdfast.common.key.Secret;
import io.holdfast.common.page.PageTreeReader;
import io.holdfast.common.sealing.ChunkGenerations;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.common.snapshot.SnapshotFormat;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.serve.ChunkReads;
import io.holdfast.proto.stored.v1.SnapshotCommitted;
import java.util.Arrays;

/** Opens snapshots with the recovery keys of their hosts. Any thread. */
public final class SnapshotOpener {
  private final RepositoryId repository;
  private final RecoveryKeys recoveryKeys;
  private final ChunkGenerations generations;
  private final ChunkReads reads;

  /**
   * Opens nothing yet.
   *
   * @param generations every key generation of the repository
   */
  public SnapshotOpener(
      RepositoryId repository,
      RecoveryKeys recoveryKeys,
      ChunkGenerations generations,
      ChunkReads reads) {
    this.repository = repository;
    this.recoveryKeys = recoveryKeys;
    this.generations = generations;
    this.reads = reads;
  }

  /**
   * What opens the snapshot's root. HOST_ERASED or KEY_UNAVAILABLE if the host's recovery key isn't
   * here, MALFORMED if the commit's box doesn't open with it, CHUNK_ID_MISMATCH if it holds another
   * page's K: both are the committing host's doing.
   */
  public Reference root(StoredSnapshot snapshot) {
    SnapshotCommitted committed = snapshot.committed();
    ChunkId root = ChunkId.of(committed.getRoot().toByteArray());
    RunId run = RunId.of(committed.getRun().toByteArray());
    Bytes32 key = openBox(snapshot.host(), run, root, committed.getRootForRecovery().toByteArray());
    if (!new ChunkKey(ChunkKind.PAGE, key).id().equals(root)) {
      throw new HoldfastException(
          ErrorCode.CHUNK_ID_MISMATCH,
          "snapshot "
              + snapshot.id()
              + " of host "
              + snapshot.host()
              + " names another root than its sealed key opens; only that host can read it, if"
              + " anybody: run a new backup and look at the host's agent");
    }
    return new Reference(ChunkKind.PAGE, key);
  }

  private Bytes32 openBox(HostId host, RunId run, ChunkId root, byte[] box) {
    byte[] aad = SnapshotFormat.rootAad(repository, host, run, root);
    HostKeyPair recoveryKey = recoveryKeys.get(host);
    try (Secret opened = SealedBox.open(recoveryKey, SnapshotFormat.rootInfo(), aad, box)) {
      byte[] key = opened.toByteArray();
      if (key.length != Bytes32.LENGTH) {
        throw new HoldfastException(
            ErrorCode.MALFORMED,
            "the sealed key of root " + root + " of host " + host + " doesn't have 32 bytes");
      }
      Bytes32 result = Bytes32.of(key);
      Arrays.fill(key, (byte) 0);
      return result;
    } catch (HoldfastException e) {
      throw new HoldfastException(
          e.code(),
          "the recovery key of host "
              + host
              + " doesn't open its root "
              + root
              + ": "
              + e.getMessage(),
          e);
    }
  }

  /** Reads what counts for {@code host}; for one thread, closed by the caller. */
  public OpenedChunks chunks(HostId host) {
    return new OpenedChunks(repository, reads, host, generations);
  }

  /** Errors as {@link #root}, and those of reading the root page; closed by the caller. */
  public OpenedSnapshot open(StoredSnapshot snapshot) {
    Reference root = root(snapshot);
    OpenedChunks chunks = chunks(snapshot.host());
    boolean opened = false;
    try {
      OpenedSnapshot open = new OpenedSnapshot(PageTreeReader.open(chunks, root), chunks);
      opened = true;
      return open;
    } finally {
      if (!opened) {
        chunks.close();
      }
    }
  }
}
