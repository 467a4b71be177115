package io.holdfast.agent.backup;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkRef;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The chunks of which an agent's last snapshots use little, by source set: the next run stores what
 * is left of them anew. Kept while the agent lives; forgetting it costs a run's delay and nothing
 * else. Any thread.
 */
public final class SparseChunks {
  /** Source sets that are remembered. */
  private static final int SETS_LIMIT = 64;

  private final Map<Bytes32, Set<ChunkRef>> bySourceSet = new LinkedHashMap<>();

  synchronized Set<ChunkRef> of(Bytes32 sourceSet) {
    return bySourceSet.getOrDefault(sourceSet, Set.of());
  }

  /** What the newest snapshot of {@code sourceSet} uses little of. */
  synchronized void remember(Bytes32 sourceSet, Set<ChunkRef> chunks) {
    bySourceSet.remove(sourceSet);
    if (chunks.isEmpty()) {
      return;
    }
    if (bySourceSet.size() == SETS_LIMIT) {
      bySourceSet.remove(bySourceSet.keySet().iterator().next());
    }
    bySourceSet.put(sourceSet, Set.copyOf(chunks));
  }
}
