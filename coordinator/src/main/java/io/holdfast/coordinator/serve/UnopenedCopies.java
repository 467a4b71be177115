package io.holdfast.coordinator.serve;

import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.PackId;
import io.holdfast.coordinator.catalog.Location;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Copies that a reader says don't open, so that it is served others. Its word counts for its own
 * request and for nothing else: what is lost, only a proof of this site's own finds. One thread.
 */
final class UnopenedCopies {
  /** Nothing was served before. */
  static final UnopenedCopies NONE = new UnopenedCopies();

  /** Of one request. */
  static final int LIMIT = 4_096;

  private record Place(PackId pack, int entry) {}

  private final Map<ChunkRef, Set<Place>> places = new HashMap<>();

  void add(ChunkRef chunk, PackId pack, int entry) {
    places.computeIfAbsent(chunk, one -> new HashSet<>()).add(new Place(pack, entry));
  }

  boolean concern(ChunkRef chunk) {
    return places.containsKey(chunk);
  }

  boolean contain(ChunkRef chunk, Location at) {
    return places.getOrDefault(chunk, Set.of()).contains(new Place(at.pack(), at.entry()));
  }
}
