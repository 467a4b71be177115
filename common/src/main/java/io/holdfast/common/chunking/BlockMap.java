package io.holdfast.common.chunking;

import java.util.Arrays;
import java.util.Objects;

/**
 * The fingerprints of one segment of a file, block by block, as last time's backup saw them.
 * Immutable; 16 bytes a block and nothing more in memory.
 */
public final class BlockMap {
  static final int SMALLEST_BLOCK_LOG2 = 12;
  static final int LARGEST_BLOCK_LOG2 = 20;
  static final int LARGEST_BLOCK_BYTES = 1 << LARGEST_BLOCK_LOG2;

  private final int blockBytesLog2;
  private final int blocks;
  private final byte[] encoded;

  /** Takes over {@code encoded}, whose fingerprints begin after the header. */
  BlockMap(int blockBytesLog2, int blocks, byte[] encoded) {
    this.blockBytesLog2 = blockBytesLog2;
    this.blocks = blocks;
    this.encoded = encoded;
  }

  /** Bytes of every block but perhaps the last. */
  public int blockBytes() {
    return 1 << blockBytesLog2;
  }

  public int blocks() {
    return blocks;
  }

  /**
   * Whether block {@code index} had this fingerprint. Equal means equal content only between blocks
   * of equal length: a block of zeros has one fingerprint whatever its length, so the caller
   * compares the length of a segment's last block itself.
   */
  public boolean matches(int index, byte[] fingerprint, int offset) {
    int at = at(index);
    return Arrays.equals(
        encoded,
        at,
        at + BlockFingerprinter.LENGTH,
        fingerprint,
        offset,
        offset + BlockFingerprinter.LENGTH);
  }

  /** Whether block {@code index} held nothing but zeros. */
  public boolean isZero(int index) {
    return BlockFingerprinter.isZero(encoded, at(index), BlockFingerprinter.LENGTH);
  }

  private int at(int index) {
    return BlockMapCodec.HEADER_LENGTH
        + Objects.checkIndex(index, blocks) * BlockFingerprinter.LENGTH;
  }
}
