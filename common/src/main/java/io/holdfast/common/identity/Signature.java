package io.holdfast.common.identity;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import java.math.BigInteger;

/**
 * An ECDSA P-256 signature as 64 bytes, r and s (IEEE P1363). Of the two values of s that verify
 * only the lower is made and accepted: with the other one anybody could turn a signed record into
 * another valid one with another hash.
 */
public record Signature(Bytes32 r, Bytes32 s) {
  public static final int BYTES = 64;

  private static final BigInteger HALF_ORDER = P256.ORDER.shiftRight(1);

  /** MALFORMED unless there are 64 bytes. */
  public static Signature of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new HoldfastException(
          ErrorCode.MALFORMED, "a signature has 64 bytes, not " + bytes.length);
    }
    return new Signature(Bytes32.read(bytes, 0), Bytes32.read(bytes, 32));
  }

  public byte[] toByteArray() {
    byte[] out = new byte[BYTES];
    r.write(out, 0);
    s.write(out, 32);
    return out;
  }

  boolean isLow() {
    return integer(s).compareTo(HALF_ORDER) <= 0;
  }

  Signature toLow() {
    return isLow() ? this : new Signature(r, bytes(P256.ORDER.subtract(integer(s))));
  }

  private static BigInteger integer(Bytes32 value) {
    return new BigInteger(1, value.toByteArray());
  }

  private static Bytes32 bytes(BigInteger value) {
    byte[] raw = value.toByteArray();
    byte[] out = new byte[32];
    int count = Math.min(raw.length, 32);
    System.arraycopy(raw, raw.length - count, out, 32 - count, count);
    return Bytes32.of(out);
  }
}
