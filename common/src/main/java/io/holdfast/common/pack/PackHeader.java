package io.holdfast.common.pack;

import io.holdfast.common.id.PackId;
import io.holdfast.common.id.RepositoryId;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.zip.CRC32C;

/**
 * What a pack says of itself in its first 48 bytes.
 *
 * <pre>
 *  0  4  magic HFPK
 *  4  2  version, 1
 *  6  1  content: 1 data, 2 pages
 *  7  1  zero
 *  8 16  repository id
 * 24 16  pack id
 * 40  4  CRC-32C of the 40 bytes before
 * 44  4  zero
 * </pre>
 */
public record PackHeader(PackContent content, RepositoryId repository, PackId pack) {
  public PackHeader {
    Objects.requireNonNull(content, "content");
    Objects.requireNonNull(repository, "repository");
    Objects.requireNonNull(pack, "pack");
  }

  /** The 48 bytes. */
  public byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(PackLayout.HEADER_LENGTH);
    writeIdentity(out, PackLayout.HEADER_MAGIC);
    out.putInt(sum(out.array(), 0));
    return out.array();
  }

  /**
   * Reads the header of the object that lies under {@code named}'s name.
   *
   * @throws io.holdfast.common.error.HoldfastException PACK_CORRUPT (another pack's header
   *     included) or UNKNOWN_VERSION, naming pack and field
   */
  public static PackHeader parse(PackId named, byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    PackErrors.require(
        length >= PackLayout.HEADER_LENGTH, named, "ends inside its header, at byte " + length);
    ByteBuffer in = ByteBuffer.wrap(bytes, offset, PackLayout.HEADER_LENGTH);
    PackHeader header = readIdentity(named, "header", in, PackLayout.HEADER_MAGIC);
    PackErrors.require(
        in.getInt() == sum(bytes, offset), named, "header doesn't match its checksum");
    PackErrors.require(in.getInt() == 0, named, "header's last field isn't zero");
    return header;
  }

  private static int sum(byte[] bytes, int offset) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, PackLayout.IDENTITY_LENGTH);
    return (int) crc.getValue();
  }

  /** Writes the 40 bytes that header and footer begin with. */
  void writeIdentity(ByteBuffer out, int magic) {
    out.putInt(magic).putShort((short) PackLayout.VERSION);
    out.put((byte) content.number()).put((byte) 0);
    out.put(repository.toByteArray()).put(pack.toByteArray());
  }

  /** Reads them, from a part of {@code named} that begins with {@code magic}. */
  static PackHeader readIdentity(PackId named, String part, ByteBuffer in, int magic) {
    PackErrors.require(in.getInt() == magic, named, part + " doesn't begin with its magic");
    PackErrors.requireVersion(named, part, Short.toUnsignedInt(in.getShort()));
    PackContent content = content(named, part, in.get());
    PackErrors.require(in.get() == 0, named, part + " has a nonzero reserved field");
    byte[] id = new byte[16];
    in.get(id);
    RepositoryId repository = RepositoryId.of(id);
    in.get(id);
    PackId pack = PackId.of(id);
    PackErrors.require(pack.equals(named), named, part + " is that of pack " + pack);
    return new PackHeader(content, repository, pack);
  }

  private static PackContent content(PackId named, String part, byte number) {
    return switch (number) {
      case 1 -> PackContent.DATA;
      case 2 -> PackContent.PAGES;
      default ->
          throw PackErrors.corrupt(
              named, part + " has unknown content " + Byte.toUnsignedInt(number));
    };
  }
}
