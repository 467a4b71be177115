package io.holdfast.coordinator.serve;

import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the pages of one session that were served last refer to. Bounded by references: a reader
 * that comes back to a page served long ago asks for it again, from the root down. One thread.
 */
final class ServedPages {
  /** References kept: some 100 bytes each. */
  static final int LIMIT = 262_144;

  private final LinkedHashMap<ChunkRef, Set<ChunkRef>> pages = new LinkedHashMap<>(64, 0.75f, true);
  private int kept;

  void add(ChunkRef page, List<ChunkRef> references) {
    if (page.kind() != ChunkKind.PAGE) {
      return;
    }
    Set<ChunkRef> before = pages.put(page, Set.copyOf(references));
    kept += references.size() - (before == null ? 0 : before.size());
    while (kept > LIMIT && pages.size() > 1) {
      Map.Entry<ChunkRef, Set<ChunkRef>> oldest = pages.pollFirstEntry();
      kept -= oldest.getValue().size();
    }
  }

  Optional<Set<ChunkRef>> references(ChunkRef page) {
    return Optional.ofNullable(pages.get(page));
  }
}
