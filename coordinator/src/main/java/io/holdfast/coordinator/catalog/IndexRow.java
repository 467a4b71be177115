package io.holdfast.coordinator.catalog;

import java.nio.ByteBuffer;

/**
 * One location of a chunk: of the key the pack's number and the entry, and the value: offset (4),
 * sealed length (4), plain length (4), CRC-32C (4), index of the owner (2). Offsets are below the
 * largest size of a pack, 1 GiB.
 */
record IndexRow(
    int packNumber,
    int entry,
    int offset,
    int sealedLength,
    int plainLength,
    int crc32c,
    int owner) {
  private static final int BYTES = 18;

  static IndexRow of(byte[] key, byte[] value) {
    ByteBuffer place = ByteBuffer.wrap(key, Keys.INDEX_PREFIX_BYTES, 8);
    ByteBuffer in = ByteBuffer.wrap(value);
    return new IndexRow(
        place.getInt(),
        place.getInt(),
        in.getInt(),
        in.getInt(),
        in.getInt(),
        in.getInt(),
        Short.toUnsignedInt(in.getShort()));
  }

  static byte[] value(FooterView footer, int entry) {
    return ByteBuffer.allocate(BYTES)
        .putInt((int) footer.offset(entry))
        .putInt((int) footer.sealedLength(entry))
        .putInt((int) footer.plainLength(entry))
        .putInt(footer.crc32c(entry))
        .putShort((short) footer.owner(entry))
        .array();
  }
}
