package io.holdfast.common.chunking;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The plaintext of a block map chunk, version 1.
 *
 * <pre>
 *  0  1  version, 1
 *  1  1  log2 of the block size, 12 to 20
 *  2  2  zero
 *  4  4  blocks
 *  8 16n fingerprints
 * </pre>
 */
public final class BlockMapCodec {
  static final int HEADER_LENGTH = 8;

  /** As many as fit into a chunk of 16 MiB. */
  private static final int MAXIMUM_BLOCKS =
      ((16 << 20) - HEADER_LENGTH) / BlockFingerprinter.LENGTH;

  private static final int VERSION = 1;

  private BlockMapCodec() {}

  /**
   * Reads the map from all of {@code plaintext}, of which it keeps a copy.
   *
   * @throws HoldfastException UNKNOWN_VERSION or MALFORMED, naming the field
   */
  public static BlockMap parse(byte[] plaintext) {
    return parse(plaintext, 0, plaintext.length);
  }

  /** As {@link #parse(byte[])}, from a region. */
  public static BlockMap parse(byte[] plaintext, int offset, int length) {
    if (length < HEADER_LENGTH) {
      throw malformed("has " + length + " bytes, less than its header");
    }
    ByteBuffer in = ByteBuffer.wrap(plaintext, offset, length);
    int version = in.get();
    if (version != VERSION) {
      throw new HoldfastException(
          ErrorCode.UNKNOWN_VERSION,
          "block map has version " + (version & 0xff) + "; this program reads version " + VERSION);
    }
    int log2 = in.get();
    if (log2 < BlockMap.SMALLEST_BLOCK_LOG2 || log2 > BlockMap.LARGEST_BLOCK_LOG2) {
      throw malformed("has a block size of 2^" + log2 + " bytes, outside 2^12 to 2^20");
    }
    if (in.getShort() != 0) {
      throw malformed("has a nonzero reserved field");
    }
    int blocks = in.getInt();
    if (blocks < 0 || length - HEADER_LENGTH != (long) blocks * BlockFingerprinter.LENGTH) {
      throw malformed(
          "says " + Integer.toUnsignedString(blocks) + " blocks in " + length + " bytes");
    }
    return new BlockMap(log2, blocks, Arrays.copyOfRange(plaintext, offset, offset + length));
  }

  private static HoldfastException malformed(String what) {
    return new HoldfastException(ErrorCode.MALFORMED, "block map " + what);
  }

  /** Gathers the fingerprints of one segment, in order. One owner. */
  public static final class Builder {
    private final int blockBytes;
    private byte[] encoded;
    private int blocks;

    /**
     * Begins a map.
     *
     * @param blockBytes a power of two, 4 KiB to 1 MiB
     * @param expectedBlocks room taken at once; more may follow
     */
    public Builder(int blockBytes, int expectedBlocks) {
      int log2 = Integer.numberOfTrailingZeros(blockBytes);
      if (Integer.bitCount(blockBytes) != 1
          || log2 < BlockMap.SMALLEST_BLOCK_LOG2
          || log2 > BlockMap.LARGEST_BLOCK_LOG2) {
        throw new IllegalArgumentException("block size " + blockBytes + " isn't 4 KiB to 1 MiB");
      }
      this.blockBytes = blockBytes;
      encoded = new byte[end(expectedBlocks)];
      encoded[0] = VERSION;
      encoded[1] = (byte) log2;
    }

    /** Appends one fingerprint from 16 bytes of {@code fingerprint}. */
    public void add(byte[] fingerprint, int offset) {
      int at = end(blocks);
      makeRoom();
      System.arraycopy(fingerprint, offset, encoded, at, BlockFingerprinter.LENGTH);
      blocks++;
    }

    /** Computes and appends the fingerprint of one block; only a segment's last may be short. */
    public void add(BlockFingerprinter fingerprinter, byte[] block, int offset, int length) {
      if (length < 1 || length > blockBytes) {
        throw new IllegalArgumentException("a block of " + length + " bytes in a map of " + this);
      }
      makeRoom();
      fingerprinter.fingerprint(block, offset, length, encoded, end(blocks));
      blocks++;
    }

    private void makeRoom() {
      if (blocks == MAXIMUM_BLOCKS) {
        throw new IllegalStateException("a block map holds at most " + MAXIMUM_BLOCKS + " blocks");
      }
      if (end(blocks + 1) > encoded.length) {
        int larger = Math.min(MAXIMUM_BLOCKS, Math.max(64, blocks * 2));
        encoded = Arrays.copyOf(encoded, end(larger));
      }
    }

    public int blocks() {
      return blocks;
    }

    /** The map's plaintext so far; the builder may go on. */
    public byte[] encode() {
      byte[] out = Arrays.copyOf(encoded, end(blocks));
      ByteBuffer.wrap(out).putInt(4, blocks);
      return out;
    }

    private static int end(int blocks) {
      return HEADER_LENGTH + blocks * BlockFingerprinter.LENGTH;
    }

    @Override
    public String toString() {
      return blocks + " blocks of " + blockBytes + " bytes";
    }
  }
}
