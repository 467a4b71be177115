package io.holdfast.coordinator.ingest;

import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.pack.PackAssembler;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Sees to it that every snapshot's record also lies in a page pack, so that a vault whose journal
 * is lost still says what it holds. A commit leaves its copy to the next page pack; this writes
 * what is missing all the same: at a checkpoint, and once a coordinator leads and before it stops.
 * Any thread.
 */
public final class SnapshotCopyWriter {
  /** Copies made at once. */
  private static final int BATCH = 512;

  private final Supplier<CatalogView> views;
  private final Receipts receipts;
  private final PackAssembler packs;

  public SnapshotCopyWriter(Supplier<CatalogView> views, Receipts receipts, PackAssembler packs) {
    this.views = views;
    this.receipts = receipts;
    this.packs = packs;
  }

  /**
   * Writes a copy of every snapshot of which none is present; returns how many. They are durable
   * and registered on return. Looks at all snapshots.
   */
  public int writeMissing() throws InterruptedException {
    packs.writeCopies();
    int written = 0;
    List<StoredSnapshot> missing = missing();
    while (!missing.isEmpty()) {
      for (StoredSnapshot snapshot : missing) {
        packs.keepCopy(receipts.copyOf(snapshot));
      }
      packs.writeCopies();
      written += missing.size();
      missing = missing.size() < BATCH ? List.of() : missing();
    }
    return written;
  }

  private List<StoredSnapshot> missing() {
    List<StoredSnapshot> missing = new ArrayList<>();
    try (CatalogView view = views.get()) {
      view.snapshots()
          .forEach(snapshot -> {
            boolean copied =
                view.chunks().snapshotCopies(snapshot.id()).stream().anyMatch(at -> at.present());
            if (!copied && missing.size() < BATCH) {
              missing.add(snapshot);
            }
          });
    }
    return missing;
  }
}
