package io.holdfast.coordinator.recovery;

import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.catalog.CatalogConfig;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.KeptSnapshot;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.catalog.rebuild.CatalogOpener;
import io.holdfast.coordinator.catalog.rebuild.CatalogParts;
import io.holdfast.coordinator.catalog.rebuild.StoreFactory;
import io.holdfast.coordinator.catalog.store.RocksConfig;
import io.holdfast.coordinator.journal.FleetRecordVerifier;
import io.holdfast.coordinator.journal.JournalAnchor;
import io.holdfast.coordinator.journal.Replay;
import io.holdfast.coordinator.journal.VaultJournalSlots;
import io.holdfast.coordinator.ledger.Ledger;
import io.holdfast.coordinator.ledger.VaultCheckpoints;
import io.holdfast.coordinator.pack.Footers;
import io.holdfast.coordinator.vault.Vault;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The journal, replayed into a catalog of its own. What was deleted and not yet dropped is shown as
 * well: whoever needs this may need just that.
 */
final class JournalSource implements SnapshotSource {
  private final Ledger ledger;
  private final CatalogView view;

  private JournalSource(Ledger ledger) {
    this.ledger = ledger;
    this.view = ledger.view();
  }

  /**
   * Replays the journal in {@code vault}. Errors are the journal's: JOURNAL_DAMAGED,
   * UNKNOWN_VERSION, and UNAVAILABLE if there is none.
   */
  static JournalSource open(Vault vault, JournalAnchor anchor, Path scratch) {
    CatalogOpener opener =
        new CatalogOpener(
            scratch,
            new CatalogParts(
                StoreFactory.rocks(RocksConfig.defaults()),
                new Footers(vault),
                new VaultCheckpoints(vault),
                CatalogConfig.defaults()));
    Ledger ledger =
        Ledger.open(
            opener, new VaultJournalSlots(vault), new Replay(new FleetRecordVerifier()), anchor);
    JournalSource source = new JournalSource(ledger);
    boolean begun = false;
    try {
      source.view.repository(); // throws if the journal has no first record
      begun = true;
      return source;
    } finally {
      if (!begun) {
        source.close();
      }
    }
  }

  /** Packs whose footers could not be read. */
  int unreadPacks() {
    return ledger.opened().unreadPacks().size();
  }

  @Override
  public void forEachSnapshot(Consumer<StoredSnapshot> visitor) {
    view.snapshots().forEachKept(visitor);
  }

  @Override
  public Optional<StoredSnapshot> find(SnapshotId id) {
    return view.snapshots().findKept(id).map(KeptSnapshot::stored);
  }

  @Override
  public List<Place> places(ChunkRef chunk) {
    return view.chunks().locations(chunk).stream()
        .map(at -> new Place(at.pack(), at.offset(), at.sealedLength(), at.crc32c()))
        .toList();
  }

  @Override
  public void close() {
    view.close();
    ledger.close();
  }
}
