package io.holdfast.agent.receipt;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A kept receipt:
 *
 * <pre>
 *      0  4  "HFRC"
 *      4  2  version, 1
 *      6  2  zero
 *      8  4  length n
 *     12  n  serialized SignedReceipt
 * 12 + n  4  CRC-32C of everything before
 * </pre>
 *
 * Stateless.
 */
final class ReceiptFile {
  private static final int MAGIC = 0x48465243;
  private static final int VERSION = 1;
  private static final int HEADER_BYTES = 12;
  private static final int CHECKSUM_BYTES = 4;

  private ReceiptFile() {}

  static byte[] encode(byte[] signed) {
    ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + signed.length + CHECKSUM_BYTES);
    out.putInt(MAGIC).putShort((short) VERSION).putShort((short) 0);
    out.putInt(signed.length).put(signed);
    return out.putInt(crc(out.array())).array();
  }

  /** MALFORMED if {@code bytes} were changed or cut, UNKNOWN_VERSION for another version. */
  static byte[] decode(String what, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (bytes.length < HEADER_BYTES + CHECKSUM_BYTES || in.getInt() != MAGIC) {
      throw malformed(what, "it doesn't begin with HFRC");
    }
    int version = Short.toUnsignedInt(in.getShort());
    if (version != VERSION) {
      throw new HoldfastException(
          ErrorCode.UNKNOWN_VERSION,
          what + " has version " + version + ", this version of Holdfast reads " + VERSION);
    }
    boolean whole =
        in.getShort() == 0
            && in.getInt() == bytes.length - HEADER_BYTES - CHECKSUM_BYTES
            && in.getInt(bytes.length - CHECKSUM_BYTES) == crc(bytes);
    if (!whole) {
      throw malformed(what, "its checksum doesn't agree");
    }
    byte[] signed = new byte[bytes.length - HEADER_BYTES - CHECKSUM_BYTES];
    in.get(signed);
    return signed;
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length - CHECKSUM_BYTES);
    return (int) crc.getValue();
  }

  private static HoldfastException malformed(String what, String why) {
    return new HoldfastException(ErrorCode.MALFORMED, what + " is no receipt: " + why);
  }
}
