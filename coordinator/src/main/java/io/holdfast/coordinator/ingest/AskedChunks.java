package io.holdfast.coordinator.ingest;

import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.sealing.ChunkKey;
import java.util.Map;

/** Proves what one host asks for and another has uploaded. Any thread. */
public interface AskedChunks {
  /** Leaves it unproven: it is uploaded again. */
  AskedChunks IGNORED =
      new AskedChunks() {
        @Override
        public boolean keysWanted() {
          return false;
        }

        @Override
        public void prove(Map<ChunkRef, ChunkKey> asked) {}
      };

  /** Whether who asks should bring keys. */
  boolean keysWanted();

  /**
   * Opens each chunk where others put it. When this returns the catalog shows what was found good
   * or lost; what can't be told now stays as it is.
   *
   * @param asked chunks, each with the key that its asker says is its own
   * @throws io.holdfast.common.error.HoldfastException MALFORMED if a key is another chunk's; then
   *     nothing was opened
   */
  void prove(Map<ChunkRef, ChunkKey> asked) throws InterruptedException;
}
