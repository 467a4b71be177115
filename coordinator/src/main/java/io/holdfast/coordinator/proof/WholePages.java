package io.holdfast.coordinator.proof;

import io.holdfast.common.id.ChunkRef;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Pages below which everything was found good: a walk that meets one again leaves it out, so an
 * incremental snapshot costs what it changed. Keeps the ones met last, at most {@link #LIMIT}: some
 * hundred bytes each. Holds as long as nothing is lost. One thread.
 */
final class WholePages {
  static final int LIMIT = 262_144;

  private final Map<ChunkRef, Boolean> pages =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ChunkRef, Boolean> eldest) {
          return size() > LIMIT;
        }
      };

  boolean contains(ChunkRef page) {
    return pages.get(page) != null;
  }

  void add(ChunkRef page) {
    pages.put(page, true);
  }

  void clear() {
    pages.clear();
  }
}
