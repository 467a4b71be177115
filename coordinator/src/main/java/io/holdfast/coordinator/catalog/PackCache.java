package io.holdfast.coordinator.catalog;

import io.holdfast.coordinator.catalog.store.Reads;
import java.util.LinkedHashMap;
import java.util.Map;

/** The packs that one view has met lately: neighbouring chunks lie in the same ones. One thread. */
final class PackCache {
  private static final int PACKS_MAX = 1_024;

  private final Reads reads;
  private final Map<Integer, KnownPack> packs =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, KnownPack> eldest) {
          return size() > PACKS_MAX;
        }
      };

  PackCache(Reads reads) {
    this.reads = reads;
  }

  KnownPack get(int number) {
    KnownPack known = packs.get(number);
    if (known == null) {
      known = KnownPack.get(reads::get, number);
      packs.put(number, known);
    }
    return known;
  }
}
