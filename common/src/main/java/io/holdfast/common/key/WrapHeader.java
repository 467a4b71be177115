package io.holdfast.common.key;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.key.Wrap.Method;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The frame of a wrap, version 1; integers big-endian:
 *
 * <pre>
 *  0  4  magic HFKW
 *  4  2  version, 1
 *  6  1  method: 1 passphrase, 2 service key, 3 master key
 *  7  1  zero
 *  8  4  n: bytes of ciphertext and tag, at most 1 MiB
 * 12 28  method 1: memory in KiB (4), iterations (4), parallelism (4), salt (16)
 *        methods 2, 3: key id (16), zero (12)
 * 40 12  nonce
 * 52  n  ciphertext and tag
 *  ..  4  CRC-32C of all bytes before
 * </pre>
 *
 * The checksum tells damage from a wrong passphrase; the tag, which covers the header, is what
 * proves. Arrays inside are never changed after construction.
 */
final class WrapHeader {
  static final int BYTES = 52;
  static final int SALT_BYTES = 16;
  static final int KEY_ID_BYTES = 16;
  static final int NONCE_BYTES = 12;
  static final int SEALED_BYTES_MAX = 1 << 20;

  private static final int MAGIC = 0x48464B57;
  private static final int VERSION = 1;
  private static final int TAG_BYTES = 16;
  private static final int CRC_BYTES = 4;
  private static final int NONCE_AT = 40;

  private final Method method;
  private final byte[] encoded;

  private WrapHeader(Method method, byte[] encoded) {
    this.method = method;
    this.encoded = encoded;
  }

  static WrapHeader ofPassphrase(Argon2Cost cost, byte[] salt, byte[] nonce, int plainBytes) {
    byte[] encoded = new byte[BYTES];
    ByteBuffer out = begin(encoded, Method.PASSPHRASE, plainBytes);
    out.putInt(cost.memoryKib()).putInt(cost.iterations()).putInt(cost.parallelism()).put(salt);
    out.put(nonce);
    return new WrapHeader(Method.PASSPHRASE, encoded);
  }

  static WrapHeader ofKey(Method method, byte[] keyId, byte[] nonce, int plainBytes) {
    byte[] encoded = new byte[BYTES];
    begin(encoded, method, plainBytes).put(keyId).position(NONCE_AT).put(nonce);
    return new WrapHeader(method, encoded);
  }

  private static ByteBuffer begin(byte[] encoded, Method method, int plainBytes) {
    if (plainBytes > SEALED_BYTES_MAX - TAG_BYTES) {
      throw new HoldfastException(
          ErrorCode.LIMIT_EXCEEDED, "a wrap holds less than 1 MiB, not " + plainBytes + " bytes");
    }
    return ByteBuffer.wrap(encoded)
        .putInt(MAGIC)
        .putShort((short) VERSION)
        .put((byte) method.number())
        .put((byte) 0)
        .putInt(plainBytes + TAG_BYTES);
  }

  /** Checks form, caps and checksum of {@code wrap}; errors name {@code object}. */
  static WrapHeader parse(KeyObject object, byte[] wrap) {
    checkVersion(object, wrap);
    if (wrap.length < BYTES + TAG_BYTES + CRC_BYTES) {
      throw malformed(object, "it is cut short at " + wrap.length + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(wrap);
    long sealedBytes = Integer.toUnsignedLong(in.getInt(8));
    if (sealedBytes > SEALED_BYTES_MAX || wrap.length != BYTES + sealedBytes + CRC_BYTES) {
      throw malformed(object, "its length is not the one it claims");
    }
    if (in.getInt(wrap.length - CRC_BYTES) != crc(wrap, wrap.length - CRC_BYTES)) {
      throw malformed(object, "its checksum does not match");
    }
    Method method = method(object, in.get(6));
    WrapHeader header = new WrapHeader(method, java.util.Arrays.copyOf(wrap, BYTES));
    header.checkZeros(object);
    return header;
  }

  private static void checkVersion(KeyObject object, byte[] wrap) {
    if (wrap.length < 8 || ByteBuffer.wrap(wrap).getInt(0) != MAGIC) {
      throw malformed(object, "it does not begin as a wrapped key");
    }
    int version = Short.toUnsignedInt(ByteBuffer.wrap(wrap).getShort(4));
    if (version != VERSION) {
      throw new HoldfastException(
          ErrorCode.UNKNOWN_VERSION,
          object.name()
              + " is a wrapped key of version "
              + version
              + "; this release reads version "
              + VERSION
              + ": use the release that wrote it, or a later one");
    }
  }

  private static Method method(KeyObject object, int number) {
    return switch (number) {
      case 1 -> Method.PASSPHRASE;
      case 2 -> Method.SERVICE_KEY;
      case 3 -> Method.MASTER_KEY;
      default -> throw malformed(object, "method " + number + " is unknown to this release");
    };
  }

  private void checkZeros(KeyObject object) {
    int zeros = encoded[7];
    int from = method == Method.PASSPHRASE ? NONCE_AT : 12 + KEY_ID_BYTES;
    for (int i = from; i < NONCE_AT; i++) {
      zeros |= encoded[i];
    }
    if (zeros != 0) {
      throw malformed(object, "bytes that must be zero are not");
    }
  }

  Method method() {
    return method;
  }

  /** LIMIT_EXCEEDED if the file asks for more than is accepted. Passphrase wraps only. */
  Argon2Cost cost() {
    ByteBuffer in = ByteBuffer.wrap(encoded);
    return new Argon2Cost(in.getInt(12), in.getInt(16), in.getInt(20));
  }

  byte[] salt() {
    return slice(24, SALT_BYTES);
  }

  byte[] keyId() {
    return slice(12, KEY_ID_BYTES);
  }

  byte[] nonce() {
    return slice(NONCE_AT, NONCE_BYTES);
  }

  int sealedBytes() {
    return ByteBuffer.wrap(encoded).getInt(8);
  }

  byte[] encode() {
    return encoded.clone();
  }

  /** The whole wrap: this header, {@code sealed}, checksum. */
  byte[] frame(byte[] sealed) {
    ByteBuffer out = ByteBuffer.allocate(BYTES + sealed.length + CRC_BYTES);
    out.put(encoded).put(sealed);
    return out.putInt(crc(out.array(), BYTES + sealed.length)).array();
  }

  private byte[] slice(int offset, int length) {
    return java.util.Arrays.copyOfRange(encoded, offset, offset + length);
  }

  private static int crc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  private static HoldfastException malformed(KeyObject object, String cause) {
    return new HoldfastException(
        ErrorCode.MALFORMED,
        object.name()
            + " of repository "
            + object.repository()
            + " is damaged: "
            + cause
            + "; take it from another copy of the vault or from the recovery kit");
  }
}
