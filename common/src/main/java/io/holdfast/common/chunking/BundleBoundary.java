package io.holdfast.common.chunking;

/**
 * Says after which piece a bundle ends. The odds are a piece's length in a MiB, once the bundle
 * holds 512 KiB, so that two streams of pieces that fell out of step meet again after a MiB or two,
 * however small the pieces are; the length is mixed into the hash, so that pieces with equal ends
 * don't decide alike.
 *
 * <p>State is the bytes held by the open bundle; one owner.
 */
public final class BundleBoundary {
  /** Bytes from which on a bundle may end. */
  public static final int MINIMUM_BYTES = 512 << 10;

  /** Bytes at which a bundle ends in any case, after the piece that reaches them. */
  public static final int MAXIMUM_BYTES = 2 << 20;

  /** Leaves 20 bits: a fraction of one MiB. */
  private static final int SHIFT = 44;

  private final GearTable gear;
  private int heldBytes;

  public BundleBoundary(GearTable gear) {
    this.gear = gear;
  }

  /**
   * Counts a piece into the open bundle. True: the bundle ends after it, and the next piece begins
   * another one.
   */
  public boolean endsAfter(byte[] bytes, int offset, int length) {
    heldBytes = Math.addExact(heldBytes, length);
    boolean ends =
        heldBytes >= MAXIMUM_BYTES
            || (heldBytes >= MINIMUM_BYTES && passes(gear, bytes, offset, length));
    if (ends) {
      heldBytes = 0;
    }
    return ends;
  }

  /** Bytes in the open bundle. */
  public int heldBytes() {
    return heldBytes;
  }

  /** The caller ended the bundle itself, as at the end of a run. */
  public void restart() {
    heldBytes = 0;
  }

  private static boolean passes(GearTable gear, byte[] bytes, int offset, int length) {
    long hash = (gear.hash(bytes, offset, length) + length) * NameHash.SPREAD;
    return hash >>> SHIFT < length;
  }
}
