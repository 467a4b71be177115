package io.holdfast.agent.link;

import io.holdfast.common.id.ChunkRef;
import java.util.Optional;

/**
 * Sealed pages near at hand. What it gives back is checked by whoever opens it, so it may hold
 * anything. Any thread.
 */
public interface PageCache {
  PageCache NONE =
      new PageCache() {
        @Override
        public Optional<byte[]> find(ChunkRef page) {
          return Optional.empty();
        }

        @Override
        public void put(ChunkRef page, byte[] sealed) {}
      };

  Optional<byte[]> find(ChunkRef page);

  /** Keeps a page, or doesn't: a cache that fails is as an empty one. */
  void put(ChunkRef page, byte[] sealed);
}
