package io.holdfast.coordinator.sweep;

import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.SweepQueries.CondemnedPack;
import java.util.List;

/**
 * What lies in packs of which entries are condemned.
 *
 * @param wholePacks that are condemned as a whole, and the bytes of their objects
 * @param sparsePacks that a rewrite would empty, and what is live in them
 */
record CondemnedSpace(long wholePacks, long wholeBytes, long sparsePacks, long sparseLiveBytes) {
  private static final int PACKS = 1_024;

  static CondemnedSpace of(CatalogView view, Rewriter rewriter) {
    CondemnedSpace space = new CondemnedSpace(0, 0, 0, 0);
    List<CondemnedPack> packs = view.sweeps().condemned(0, PACKS);
    while (!packs.isEmpty()) {
      for (CondemnedPack pack : packs) {
        space = space.plus(pack, rewriter);
      }
      packs = view.sweeps().condemned(packs.getLast().known().pack().number() + 1, PACKS);
    }
    return space;
  }

  private CondemnedSpace plus(CondemnedPack pack, Rewriter rewriter) {
    if (pack.isWhole()) {
      long bytes = pack.known().pack().sizeBytes();
      return new CondemnedSpace(wholePacks + 1, wholeBytes + bytes, sparsePacks, sparseLiveBytes);
    }
    if (rewriter.isSparse(pack)) {
      long live = pack.known().state().sealedBytes() - pack.condemnedBytes();
      return new CondemnedSpace(wholePacks, wholeBytes, sparsePacks + 1, sparseLiveBytes + live);
    }
    return this;
  }
}
