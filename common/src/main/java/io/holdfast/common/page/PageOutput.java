package io.holdfast.common.page;

import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Octets;
import io.holdfast.common.entry.Reference;
import java.util.Arrays;

/** A growing buffer that is used again for one page after another. */
final class PageOutput {
  private byte[] bytes;
  private int length;

  PageOutput(int expectedBytes) {
    bytes = new byte[expectedBytes];
  }

  int length() {
    return length;
  }

  int capacity() {
    return bytes.length;
  }

  void clear() {
    length = 0;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  void unsignedByte(int value) {
    reserve(1);
    bytes[length++] = (byte) value;
  }

  void varint(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
  }

  /** Eight bytes, big-endian. */
  void fixed64(long value) {
    reserve(Long.BYTES);
    for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      bytes[length++] = (byte) (value >>> shift);
    }
  }

  void zigzag(long value) {
    varint((value << 1) ^ (value >> 63));
  }

  void octets(Octets octets) {
    varint(octets.length());
    reserve(octets.length());
    octets.write(bytes, length);
    length += octets.length();
  }

  /** The path's bytes from {@code shared}, preceded by {@code shared} and their count. */
  void path(EntryPath path, int shared) {
    int rest = path.length() - shared;
    varint(shared);
    varint(rest);
    reserve(rest);
    path.write(shared, bytes, length);
    length += rest;
  }

  void reference(Reference reference) {
    reserve(Reference.LENGTH);
    bytes[length] = (byte) reference.kind().number();
    reference.key().write(bytes, length + 1);
    length += Reference.LENGTH;
  }

  void append(PageOutput other) {
    reserve(other.length);
    System.arraycopy(other.bytes, 0, bytes, length, other.length);
    length += other.length;
  }

  private void reserve(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }
}
