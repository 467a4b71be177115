package io.holdfast.common.key;

import io.holdfast.common.seam.Randomness;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.spec.SecretKeySpec;

/**
 * Bytes that must not be printed. Has no value equality on purpose: compare with {@link #sameAs}.
 * Readable by any thread until {@link #close}, which wipes the bytes; after that every use throws
 * {@link IllegalStateException}.
 */
public final class Secret implements AutoCloseable {
  private final byte[] bytes;
  private volatile boolean closed;

  private Secret(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Copies {@code bytes}; the caller still owns, and wipes, its own array. */
  public static Secret copyOf(byte[] bytes) {
    return new Secret(bytes.clone());
  }

  /** Takes {@code bytes} over without a copy; the caller must not touch the array again. */
  public static Secret take(byte[] bytes) {
    return new Secret(bytes);
  }

  public static Secret random(Randomness randomness, int length) {
    return new Secret(randomness.bytes(length));
  }

  public int length() {
    return bytes.length;
  }

  /** A copy, which the caller wipes when it is done. */
  public byte[] toByteArray() {
    return open().clone();
  }

  /** These bytes as a key of {@code algorithm}, for a {@code Mac} or {@code Cipher}. */
  public SecretKeySpec toKey(String algorithm) {
    return new SecretKeySpec(open(), algorithm);
  }

  /** Compares in time that depends on the lengths only. */
  public boolean sameAs(Secret other) {
    return MessageDigest.isEqual(open(), other.open());
  }

  /** The array itself, for use inside this package only; never kept, never changed. */
  byte[] open() {
    if (closed) {
      throw new IllegalStateException("this secret was wiped");
    }
    return bytes;
  }

  @Override
  public void close() {
    closed = true;
    Arrays.fill(bytes, (byte) 0);
  }

  @Override
  public String toString() {
    return "Secret[" + bytes.length + " bytes]";
  }
}
