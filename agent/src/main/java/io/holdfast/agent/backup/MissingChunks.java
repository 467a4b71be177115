package io.holdfast.agent.backup;

import io.holdfast.common.entry.Extents;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.id.ChunkRef;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;

/**
 * What a refused commit said is not there (any more): entries that use any of it count as changed
 * and are read again from the host, which is how a lost chunk heals. Bounded by the coordinator's
 * answer.
 */
final class MissingChunks {
  static final MissingChunks NONE = new MissingChunks(Set.of(), reference -> null);

  private final Set<ChunkRef> missing;
  private final Function<Reference, ChunkRef> ids;

  /**
   * @param ids the id of a reference's chunk
   */
  MissingChunks(Set<ChunkRef> missing, Function<Reference, ChunkRef> ids) {
    this.missing = new HashSet<>(missing);
    this.ids = ids;
  }

  boolean isEmpty() {
    return missing.isEmpty();
  }

  /**
   * Whether the file has to be read again. A file of several segments is, to be on the safe side.
   */
  boolean hits(Form.RegularFile file) {
    return !missing.isEmpty()
        && (file.first().lengthBytes() < file.sizeBytes()
            || file.first().blockMap().map(this::isMissing).orElse(false)
            || hits(file.first().extents()));
  }

  private boolean hits(Extents extents) {
    for (int i = 0; i < extents.count(); i++) {
      if (!extents.isHole(i) && isMissing(extents.chunk(i))) {
        return true;
      }
    }
    return false;
  }

  private boolean isMissing(Reference reference) {
    return missing.contains(ids.apply(reference));
  }
}
