package io.holdfast.agent.tree;

import io.holdfast.common.entry.Octets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Differences as they are found: all are counted, the first ones kept. Any thread. */
final class Differences {
  private final int keptMax;
  private final List<Difference> kept = new ArrayList<>();
  private final Map<DifferenceReason, Long> counts = new EnumMap<>(DifferenceReason.class);

  Differences(int keptMax) {
    this.keptMax = keptMax;
  }

  synchronized void add(byte[] path, DifferenceReason reason, int errno) {
    counts.merge(reason, 1L, Long::sum);
    if (kept.size() < keptMax) {
      kept.add(new Difference(Octets.of(path), reason, errno));
    }
  }

  synchronized List<Difference> kept() {
    return List.copyOf(kept);
  }

  synchronized Map<DifferenceReason, Long> counts() {
    return Map.copyOf(counts);
  }
}
