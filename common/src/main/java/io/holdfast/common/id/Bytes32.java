package io.holdfast.common.id;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * 32 immutable bytes with value equality: an id, a hash. Held as four longs so that a million of
 * them cost no second object each; big-endian, so that unsigned comparison is byte order.
 */
public record Bytes32(long a, long b, long c, long d) implements Comparable<Bytes32> {
  public static final int LENGTH = 32;
  public static final Bytes32 ZERO = new Bytes32(0, 0, 0, 0);

  /** The 32 bytes of {@code bytes} from {@code offset}. */
  public static Bytes32 read(byte[] bytes, int offset) {
    ByteBuffer in = ByteBuffer.wrap(bytes, offset, LENGTH);
    return new Bytes32(in.getLong(), in.getLong(), in.getLong(), in.getLong());
  }

  /** All of {@code bytes}, which must be exactly 32. */
  public static Bytes32 of(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException("expected 32 bytes, got " + bytes.length);
    }
    return read(bytes, 0);
  }

  /** The next 32 bytes of {@code in}, advancing it, whatever its byte order. */
  public static Bytes32 get(ByteBuffer in) {
    boolean big = in.order() == ByteOrder.BIG_ENDIAN;
    long a = in.getLong();
    long b = in.getLong();
    long c = in.getLong();
    long d = in.getLong();
    return big
        ? new Bytes32(a, b, c, d)
        : new Bytes32(
            Long.reverseBytes(a), Long.reverseBytes(b), Long.reverseBytes(c), Long.reverseBytes(d));
  }

  /** Parses 64 hexadecimal digits. */
  public static Bytes32 parse(String hex) {
    return of(HexFormat.of().parseHex(hex));
  }

  /** Writes the 32 bytes into {@code out} at {@code offset}. */
  public void write(byte[] out, int offset) {
    ByteBuffer.wrap(out, offset, LENGTH).putLong(a).putLong(b).putLong(c).putLong(d);
  }

  public byte[] toByteArray() {
    byte[] out = new byte[LENGTH];
    write(out, 0);
    return out;
  }

  /** The first {@code digits} hexadecimal digits, for people. */
  public String abbreviate(int digits) {
    return toString().substring(0, digits);
  }

  @Override
  public int compareTo(Bytes32 other) {
    int order = Long.compareUnsigned(a, other.a);
    order = order != 0 ? order : Long.compareUnsigned(b, other.b);
    order = order != 0 ? order : Long.compareUnsigned(c, other.c);
    return order != 0 ? order : Long.compareUnsigned(d, other.d);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(a ^ d);
  }

  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(a)
        + HexFormat.of().toHexDigits(b)
        + HexFormat.of().toHexDigits(c)
        + HexFormat.of().toHexDigits(d);
  }
}
