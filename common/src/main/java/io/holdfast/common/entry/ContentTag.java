package io.holdfast.common.entry;

/**
 * Keyed fingerprint of the whole content of a small file. Its one use is to tell a file whose times
 * or mode moved from one whose content did: it is compared with what the same path held before,
 * never looked up.
 *
 * @param bits the first 8 bytes of the MAC, big-endian
 */
public record ContentTag(long bits) {
  /** Bytes of a tag in a page. */
  public static final int LENGTH = 8;

  @Override
  public String toString() {
    return "content tag";
  }
}
