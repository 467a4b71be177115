package io.holdfast.common.pack;

/** What a pack holds; data and pages never mix. Numbers are stored and never reused. */
public enum PackContent {
  /** Chunks of files: data, bundles, block maps. */
  DATA(1),
  /** Pages, and copies of snapshot records. */
  PAGES(2);

  private final int number;

  PackContent(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  /** Whether an entry of this stored kind may lie in such a pack. */
  boolean holds(int kindNumber) {
    return switch (this) {
      case DATA -> kindNumber >= 1 && kindNumber <= 3;
      case PAGES -> kindNumber == 4 || kindNumber == PackLayout.SNAPSHOT_RECORD;
    };
  }
}
