package io.holdfast.agent.link;

import io.holdfast.common.id.ChunkRef;
import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * By which page each page of a snapshot is referred to: the way from the root that a coordinator
 * wants to be shown. Shared by the sessions that read the snapshot; the latest so many. Any thread.
 */
final class PageWays {
  private static final int LIMIT = 262_144;

  private final LinkedHashMap<ChunkRef, ChunkRef> parents = new LinkedHashMap<>();

  synchronized void put(ChunkRef page, ChunkRef parent) {
    parents.putLast(page, parent);
    if (parents.size() > LIMIT) {
      parents.pollFirstEntry();
    }
  }

  synchronized Optional<ChunkRef> parent(ChunkRef page) {
    return Optional.ofNullable(parents.get(page));
  }
}
