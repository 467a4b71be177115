package io.holdfast.common.page;

import io.holdfast.common.entry.Octets;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads a page's plaintext from front to back. Every length and count is checked against its cap
 * and against what is left before anything is allocated by it.
 */
final class PageInput {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] bytes;
  private int position;

  PageInput(byte[] bytes, int position) {
    this.bytes = bytes;
    this.position = position;
  }

  int position() {
    return position;
  }

  int remaining() {
    return bytes.length - position;
  }

  byte[] bytes() {
    return bytes;
  }

  int unsignedByte(String what) {
    need(1, what);
    return bytes[position++] & 0xff;
  }

  /** Eight bytes, big-endian. */
  long fixed64(String what) {
    return (long) LONG.get(bytes, skip(Long.BYTES, what));
  }

  /** Steps over {@code length} bytes and returns where they begin. */
  int skip(int length, String what) {
    need(length, what);
    int from = position;
    position += length;
    return from;
  }

  /** An unsigned 64-bit varint in its shortest form. */
  long varint(String what) {
    if (position < bytes.length && bytes[position] >= 0) {
      return bytes[position++];
    }
    return longVarint(what);
  }

  private long longVarint(String what) {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int b = unsignedByte(what);
      if (shift == 63 && b > 1) {
        throw corrupt(what + " is longer than 64 bits");
      }
      value |= (b & 0x7fL) << shift;
      if (b < 0x80) {
        if (b == 0 && shift > 0) {
          throw corrupt(what + " isn't in its shortest form");
        }
        return value;
      }
    }
    throw corrupt(what + " is longer than 64 bits");
  }

  long zigzag(String what) {
    long folded = varint(what);
    return (folded >>> 1) ^ -(folded & 1);
  }

  /** A varint that fits 63 bits. */
  long size(String what) {
    long value = varint(what);
    if (value < 0) {
      throw corrupt(what + " is beyond 63 bits");
    }
    return value;
  }

  /** A varint of at most {@code max}, else PAGE_CORRUPT: a value that no writer makes. */
  int value(int max, String what) {
    long value = varint(what);
    if (value < 0 || value > max) {
      throw corrupt(what + " " + Long.toUnsignedString(value) + " is beyond " + max);
    }
    return (int) value;
  }

  /** A count or length of at most {@code max}, else LIMIT_EXCEEDED. */
  int capped(int max, String what) {
    long value = varint(what);
    if (value < 0 || value > max) {
      throw exceeded(what, Long.toUnsignedString(value), max);
    }
    return (int) value;
  }

  /** A count of things of at least {@code bytesEach}, all of which must still follow. */
  int count(int max, int bytesEach, String what) {
    int count = capped(max, what);
    if ((long) count * bytesEach > remaining()) {
      throw corrupt(what + " " + count + " is more than the rest of the page can hold");
    }
    return count;
  }

  Octets octets(int maxBytes, String what) {
    int length = capped(maxBytes, what);
    return Octets.copyOf(bytes, skip(length, what), length);
  }

  private void need(int length, String what) {
    if (length > remaining()) {
      throw corrupt("the page ends inside " + what);
    }
  }

  HoldfastException corrupt(String problem) {
    return new HoldfastException(ErrorCode.PAGE_CORRUPT, "page, byte " + position + ": " + problem);
  }

  private HoldfastException exceeded(String what, String value, int max) {
    return new HoldfastException(
        ErrorCode.LIMIT_EXCEEDED,
        "page, byte " + position + ": " + what + " " + value + " is over the limit of " + max);
  }
}
