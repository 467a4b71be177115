package io.holdfast.coordinator.sweep.model;

/** The digests met so far: a table with open addressing. */
final class Seen {
  private long[] highs = new long[1 << 13];
  private long[] lows = new long[1 << 13];
  private int size;

  int size() {
    return size;
  }

  /** Adds {@code digest}; false if it is there. */
  boolean add(Digest digest) {
    if (size * 3L > highs.length * 2L) {
      grow();
    }
    return put(digest.high() | 1, digest.low());
  }

  private boolean put(long high, long low) {
    int mask = highs.length - 1;
    int at = (int) low & mask;
    while (highs[at] != 0) {
      if (highs[at] == high && lows[at] == low) {
        return false;
      }
      at = at + 1 & mask;
    }
    highs[at] = high;
    lows[at] = low;
    size++;
    return true;
  }

  private void grow() {
    long[] oldHighs = highs;
    long[] oldLows = lows;
    highs = new long[2 * oldHighs.length];
    lows = new long[2 * oldLows.length];
    size = 0;
    for (int at = 0; at < oldHighs.length; at++) {
      if (oldHighs[at] != 0) {
        put(oldHighs[at], oldLows[at]);
      }
    }
  }
}
