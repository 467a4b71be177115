package io.holdfast.common.id;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.UUID;

/** 16 bytes as a {@link UUID}'s two longs: the shape shared by the random ids of this package. */
final class Bytes16 {
  static final int LENGTH = 16;

  private Bytes16() {}

  static UUID of(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException("expected 16 bytes, got " + bytes.length);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return new UUID(in.getLong(), in.getLong());
  }

  static UUID parse(String hex) {
    return of(HexFormat.of().parseHex(hex));
  }

  static byte[] toByteArray(UUID value) {
    return ByteBuffer.allocate(LENGTH)
        .putLong(value.getMostSignificantBits())
        .putLong(value.getLeastSignificantBits())
        .array();
  }

  /** Byte order, unlike {@link UUID#compareTo}, which compares signed. */
  static int compare(UUID left, UUID right) {
    int high = Long.compareUnsigned(left.getMostSignificantBits(), right.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(left.getLeastSignificantBits(), right.getLeastSignificantBits());
  }

  static String toHex(UUID value) {
    return HexFormat.of().toHexDigits(value.getMostSignificantBits())
        + HexFormat.of().toHexDigits(value.getLeastSignificantBits());
  }
}
