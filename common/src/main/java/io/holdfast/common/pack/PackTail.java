package io.holdfast.common.pack;

import io.holdfast.common.id.PackId;

/**
 * Where a pack's footer lies, as its last bytes tell: read some kilobytes from the end, ask, and
 * read more only if the footer doesn't lie in them.
 *
 * @param pack the pack that was read
 * @param packLength of the whole object in bytes
 * @param trailer its last 12 bytes
 */
public record PackTail(PackId pack, long packLength, PackTrailer trailer) {
  /** Bytes to read from the end at first: the footer of most packs is in them. */
  public static final int FIRST_READ_LENGTH = 64 << 10;

  /**
   * Reads the end of a pack.
   *
   * @param tail ends with the pack's last byte; at least the trailer's 12 bytes
   * @throws io.holdfast.common.error.HoldfastException PACK_CORRUPT as {@link PackTrailer#parse}
   */
  public static PackTail locate(PackId pack, byte[] tail, long packLength) {
    return new PackTail(
        pack, packLength, PackTrailer.parse(pack, tail, 0, tail.length, packLength));
  }

  /** Offset of the footer's first byte from the pack's start. */
  public long footerOffset() {
    return packLength - PackLayout.TRAILER_LENGTH - trailer.footerLength();
  }

  /** Bytes that a tail must have to hold the whole footer. */
  public int tailLength() {
    return PackLayout.TRAILER_LENGTH + trailer.footerLength();
  }

  /**
   * The footer out of a tail of at least {@link #tailLength} bytes.
   *
   * @throws io.holdfast.common.error.HoldfastException PACK_CORRUPT or UNKNOWN_VERSION, naming pack
   *     and field
   */
  public PackFooter footer(byte[] tail) {
    if (tail.length < tailLength()) {
      throw new IllegalArgumentException(
          "a tail of " + tail.length + " bytes doesn't hold the " + tailLength() + " asked for");
    }
    int at = tail.length - tailLength();
    PackFooter footer = PackFooter.parse(pack, tail, at, trailer);
    PackErrors.require(
        footer.packLength() == packLength,
        pack,
        "has " + packLength + " bytes where its footer accounts for " + footer.packLength());
    return footer;
  }
}
