package io.holdfast.coordinator.recovery;

import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.rebuild.CatalogOpener;
import io.holdfast.coordinator.catalog.rebuild.Origin;
import io.holdfast.coordinator.journal.FleetRecordVerifier;
import io.holdfast.coordinator.journal.JournalAnchor;
import io.holdfast.coordinator.journal.JournalSlots;
import io.holdfast.coordinator.journal.Replay;
import io.holdfast.coordinator.ledger.Ledger;

/** Drops a stopped coordinator's catalog and fills it anew from the vault. */
public final class CatalogRebuild {
  private CatalogRebuild() {}

  /**
   * What the new catalog holds.
   *
   * @param seq of the last record
   * @param unreadPacks packs whose footers are gone; the next leader records their loss
   */
  public record Rebuilt(Origin origin, long seq, long snapshots, long packs, int unreadPacks) {}

  /**
   * Rebuilds from the newest good checkpoint and the journal behind it.
   *
   * @throws io.holdfast.common.error.HoldfastException BUSY while a coordinator has the catalog
   *     open; the journal's and the vault's errors, after which the catalog is incomplete and
   *     rebuilt again
   */
  public static Rebuilt run(CatalogOpener opener, JournalSlots slots, JournalAnchor anchor) {
    try (Ledger ledger =
            Ledger.rebuild(opener, slots, new Replay(new FleetRecordVerifier()), anchor);
        CatalogView view = ledger.view()) {
      long[] packs = {0};
      view.packs().forEach(pack -> packs[0]++);
      long[] snapshots = {0};
      view.snapshots().forEach(snapshot -> snapshots[0]++);
      return new Rebuilt(
          ledger.opened().origin(),
          view.appliedSeq(),
          snapshots[0],
          packs[0],
          ledger.opened().unreadPacks().size());
    }
  }
}
