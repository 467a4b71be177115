package io.holdfast.common.testkit;

/** What a power cut takes of that which no sync has made durable. */
public enum PowerLoss {
  /** Everything: each file and name is as its last sync left it. */
  ALL,
  /**
   * A seeded choice, name by name and write by write, in no order: names keep any state they had
   * since the last sync; writes are kept, lost or torn; a file may have its new length and zeros
   * inside.
   */
  SOME,
  /** Nothing: the processes died, the page cache lived. */
  NONE
}
