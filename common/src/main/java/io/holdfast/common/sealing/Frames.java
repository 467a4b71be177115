package io.holdfast.common.sealing;

/**
 * Makes and reads zstd frames; apart from its only production form so that tests can put a lying
 * one in its place. One owner, who closes it.
 */
interface Frames extends AutoCloseable {
  /** Room that a frame of so many plain bytes may need. */
  int bound(int length);

  /** Makes one frame at the start of {@code out}, which has room for the bound; its length. */
  int compress(byte[] plain, int offset, int length, byte[] out);

  /**
   * Reads a frame that must be alone in {@code length} bytes and hold exactly {@code plainLength};
   * false if it is anything else. Writes nothing outside its room and takes no memory by what the
   * frame declares.
   */
  boolean decompress(byte[] frame, int length, byte[] out, int outOffset, int plainLength);

  @Override
  void close();
}
