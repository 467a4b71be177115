package io.holdfast.coordinator.catalog;

import java.util.Optional;

/** What a pack's entry may hold, with the total that counts it. */
enum EntryKind {
  DATA(0, 1, false, Total.DATA_CHUNKS),
  BUNDLE(1, 2, false, Total.BUNDLES),
  BLOCK_MAP(2, 3, false, Total.BLOCK_MAPS),
  PAGE(3, 4, true, Total.PAGES),
  SNAPSHOT_COPY(4, 16, true, Total.SNAPSHOT_COPIES);

  static final int COUNT = values().length;

  private final int place;
  private final int number;
  private final boolean inPagePacks;
  private final Total total;

  EntryKind(int place, int number, boolean inPagePacks, Total total) {
    this.place = place;
    this.number = number;
    this.inPagePacks = inPagePacks;
    this.total = total;
  }

  static Optional<EntryKind> find(int number) {
    for (EntryKind kind : values()) {
      if (kind.number == number) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /** Position of its count in a pack's state, from 0. */
  int place() {
    return place;
  }

  int number() {
    return number;
  }

  boolean inPagePacks() {
    return inPagePacks;
  }

  Total total() {
    return total;
  }
}
