package io.holdfast.coordinator.proof;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import java.util.Optional;

/**
 * Something a snapshot needs.
 *
 * @param key what opens it; empty where only its sealed bytes can be checked
 */
record WalkItem(ChunkRef chunk, Optional<ChunkKey> key) {
  /** The root of a snapshot, to be opened; errors as {@link SnapshotOpener#root}. */
  static WalkItem root(SnapshotOpener opener, StoredSnapshot snapshot) {
    return new WalkItem(rootChunk(snapshot), Optional.of(OpenedChunks.key(opener.root(snapshot))));
  }

  /** The root of a snapshot, whose sealed bytes alone are checked. */
  static WalkItem rootWithoutKey(StoredSnapshot snapshot) {
    return new WalkItem(rootChunk(snapshot), Optional.empty());
  }

  private static ChunkRef rootChunk(StoredSnapshot snapshot) {
    byte[] root = snapshot.committed().getRoot().toByteArray();
    return new ChunkRef(ChunkKind.PAGE, ChunkId.of(root));
  }

  /** No location of the chunk counts any more. */
  static HoldfastException notThere(ChunkRef chunk) {
    return new HoldfastException(
        ErrorCode.CHUNK_NOT_FOUND,
        chunk
            + " is not in the vault any more; run a backup of the host, which stores it again if"
            + " the host still has it");
  }

  boolean isPage() {
    return chunk.kind() == ChunkKind.PAGE;
  }
}
