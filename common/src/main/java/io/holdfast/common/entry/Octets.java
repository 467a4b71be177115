package io.holdfast.common.entry;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An immutable run of bytes with value equality: a name, a link's target, an attribute's value.
 * Ordered as unsigned bytes. File systems know no encoding, so none is assumed; {@link #toString}
 * shows UTF-8.
 */
public final class Octets implements Comparable<Octets> {
  public static final Octets EMPTY = new Octets(new byte[0]);

  private final byte[] bytes;

  private Octets(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A copy of {@code bytes}. */
  public static Octets of(byte[] bytes) {
    return copyOf(bytes, 0, bytes.length);
  }

  /** A copy of {@code length} bytes from {@code offset}. */
  public static Octets copyOf(byte[] bytes, int offset, int length) {
    return length == 0 ? EMPTY : new Octets(Arrays.copyOfRange(bytes, offset, offset + length));
  }

  public static Octets utf8(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  public int length() {
    return bytes.length;
  }

  public boolean isEmpty() {
    return bytes.length == 0;
  }

  public boolean contains(int value) {
    for (byte b : bytes) {
      if (b == (byte) value) {
        return true;
      }
    }
    return false;
  }

  public byte[] toByteArray() {
    return bytes.clone();
  }

  /** Writes all bytes into {@code out} at {@code offset}. */
  public void write(byte[] out, int offset) {
    System.arraycopy(bytes, 0, out, offset, bytes.length);
  }

  @Override
  public int compareTo(Octets other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Octets that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** For people: UTF-8 with control characters, backslashes and invalid bytes as {@code \xNN}. */
  @Override
  public String toString() {
    return PrintableText.of(bytes);
  }
}
