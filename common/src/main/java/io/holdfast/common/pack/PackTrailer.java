package io.holdfast.common.pack;

import io.holdfast.common.id.PackId;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * The last 12 bytes of a finished pack: footer length (4), CRC-32C of the footer (4), magic HFPE
 * (4).
 *
 * @param footerLength bytes of the footer, which ends where the trailer begins
 * @param footerCrc32c its checksum
 */
public record PackTrailer(int footerLength, int footerCrc32c) {
  private static final int SMALLEST_FOOTER = PackLayout.footerLength(0, 1, 0);

  /** The 12 bytes. */
  public byte[] encode() {
    return ByteBuffer.allocate(PackLayout.TRAILER_LENGTH)
        .putInt(footerLength)
        .putInt(footerCrc32c)
        .putInt(PackLayout.TRAILER_MAGIC)
        .array();
  }

  /**
   * Reads the trailer from the last 12 bytes of {@code length}.
   *
   * @param packLength of the whole object in bytes, which bounds the footer's
   * @throws io.holdfast.common.error.HoldfastException PACK_CORRUPT: cut short, never finished, or
   *     a length that can't be
   */
  public static PackTrailer parse(
      PackId named, byte[] bytes, int offset, int length, long packLength) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    PackErrors.require(
        packLength <= PackLayout.MAXIMUM_PACK_LENGTH,
        named,
        "has " + packLength + " bytes, over the limit of " + PackLayout.MAXIMUM_PACK_LENGTH);
    PackErrors.require(
        length >= PackLayout.TRAILER_LENGTH, named, "ends before a trailer, at byte " + packLength);
    int at = offset + length - PackLayout.TRAILER_LENGTH;
    ByteBuffer in = ByteBuffer.wrap(bytes, at, PackLayout.TRAILER_LENGTH);
    PackTrailer trailer = new PackTrailer(in.getInt(), in.getInt());
    PackErrors.require(
        in.getInt() == PackLayout.TRAILER_MAGIC,
        named,
        "has no trailer: it was cut short or never finished");
    long room = packLength - PackLayout.HEADER_LENGTH - PackLayout.TRAILER_LENGTH;
    PackErrors.require(
        trailer.footerLength >= SMALLEST_FOOTER && trailer.footerLength <= room,
        named,
        "trailer declares a footer of "
            + Integer.toUnsignedString(trailer.footerLength)
            + " bytes in a pack of "
            + packLength);
    return trailer;
  }
}
