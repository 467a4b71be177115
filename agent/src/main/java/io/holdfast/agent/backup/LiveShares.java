package io.holdfast.agent.backup;

import io.holdfast.common.entry.Continuation;
import io.holdfast.common.entry.Entry;
import io.holdfast.common.entry.Extents;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.id.ChunkRef;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Counts, as a snapshot's entries go by, how much of each chunk they use. One thread.
 *
 * <p>Constant memory: the pieces of a bundle lie within {@link BundleAssembler#ENTRY_LIMIT} entries
 * of one another when it is made, so a chunk that {@link #OPEN_LIMIT} others have been used since is
 * judged as it stands. How long a chunk is no entry says; the last byte that one uses is taken for
 * its end, so what is judged sparse is so at least as much.
 */
final class LiveShares {
  static final int OPEN_LIMIT = 32_768;

  /** Chunks that are remembered as sparse. */
  static final int SPARSE_LIMIT = 4_096;

  /** Below this part of a chunk it is better left: what moves is at most a third of what is freed. */
  private static final int LEAST_SHARE = 4;

  /** Less waste than this is none. */
  private static final int LEAST_WASTE_BYTES = 64 << 10;

  private static final class Use {
    private long bytes;
    private long end;
  }

  private final Map<Reference, Use> open = new LinkedHashMap<>(64, 0.75f, true);
  private final Set<ChunkRef> sparse = new HashSet<>();
  private Reference last;
  private Use lastUse;

  void add(Entry entry) {
    switch (entry) {
      case Node node -> {
        if (node.form() instanceof Form.RegularFile file) {
          add(file.first().extents());
        }
      }
      case Continuation continuation -> add(continuation.segment().extents());
    }
  }

  private void add(Extents extents) {
    for (int i = 0; i < extents.count(); i++) {
      if (!extents.isHole(i)) {
        Use use = use(extents.chunk(i));
        use.bytes += extents.lengthBytes(i);
        use.end = Math.max(use.end, extents.offset(i) + extents.lengthBytes(i));
      }
    }
  }

  private Use use(Reference chunk) {
    if (chunk.equals(last)) {
      return lastUse;
    }
    last = chunk;
    lastUse = open.computeIfAbsent(chunk, absent -> new Use());
    if (open.size() > OPEN_LIMIT) {
      Iterator<Map.Entry<Reference, Use>> eldest = open.entrySet().iterator();
      judge(eldest.next());
      eldest.remove();
    }
    return lastUse;
  }

  /** After the last entry: the chunks of which little is used. */
  Set<ChunkRef> finish() {
    open.entrySet().forEach(this::judge);
    open.clear();
    return sparse;
  }

  private void judge(Map.Entry<Reference, Use> chunk) {
    Use use = chunk.getValue();
    boolean wasteful =
        use.bytes * LEAST_SHARE < use.end && use.end - use.bytes >= LEAST_WASTE_BYTES;
    if (wasteful && sparse.size() < SPARSE_LIMIT) {
      sparse.add(BackupRun.id(chunk.getKey()));
    }
  }

  int open() {
    return open.size();
  }
}
