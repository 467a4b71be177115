package io.holdfast.coordinator.catalog;

/** What the catalog counts as it applies. Places are stored and never reused. */
public enum Total {
  /** Packs registered and not lost as a whole. */
  PACKS(0),
  /** Bytes of those packs. */
  STORED_BYTES(1),
  /** Packs lost as a whole. */
  LOST_PACKS(2),
  /** Locations of data chunks; this and the next six leave out packs lost as a whole. */
  DATA_CHUNKS(3),
  BUNDLES(4),
  BLOCK_MAPS(5),
  PAGES(6),
  SNAPSHOT_COPIES(7),
  /** Sealed bytes of all locations. */
  SEALED_BYTES(8),
  /** Plain bytes of all locations. */
  PLAIN_BYTES(9),
  /** Entries once found good by hash; proven ones count. */
  CHECKED_ENTRIES(10),
  /** Entries once unsealed and found good. */
  PROVEN_ENTRIES(11),
  /** Entries lost, those of lost packs included. */
  LOST_ENTRIES(12),
  /** Entries that a footer describes in a way that can't be, and that were never located. */
  REFUSED_ENTRIES(13),
  SNAPSHOTS(14),
  /** Changes without effect, such as a run's second commit: each one is a leader's mistake. */
  IGNORED_CHANGES(15),
  /** Jobs that the catalog keeps. */
  JOBS(16),
  /** Entries that are condemned, in packs that aren't deleted yet. */
  CONDEMNED_ENTRIES(17),
  /** Their sealed bytes. */
  CONDEMNED_BYTES(18),
  /** Packs deleted by sweeps since the repository began. */
  DELETED_PACKS(19),
  /** Bytes of those packs. */
  DELETED_BYTES(20),
  /** Of the condemned bytes, those of second copies. */
  SURPLUS_BYTES(21),
  /** Bytes of objects whose names are void, until they are deleted. */
  VOID_BYTES(22),
  /** Sum of the sizes of files in live snapshots. */
  LOGICAL_BYTES(23);

  static final int COUNT = values().length;

  private final int place;

  Total(int place) {
    this.place = place;
  }

  /** Position in the stored row, from 0. */
  int place() {
    return place;
  }
}
