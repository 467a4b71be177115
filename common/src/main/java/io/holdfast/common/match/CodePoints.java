package io.holdfast.common.match;

import java.util.Arrays;

/**
 * Bytes of a name as code points. A byte that is no part of valid UTF-8 (RFC 3629, section 4)
 * stands for itself as a value above all code points, so that it equals only itself and counts as
 * one character.
 */
final class CodePoints {
  private static final int INVALID = 0x110000;

  private CodePoints() {}

  static int[] of(byte[] bytes) {
    int[] points = new int[bytes.length];
    int count = 0;
    int at = 0;
    while (at < bytes.length) {
      int length = sequenceLength(bytes, at);
      points[count++] = length == 0 ? INVALID | (bytes[at] & 0xff) : decode(bytes, at, length);
      at += Math.max(1, length);
    }
    return Arrays.copyOf(points, count);
  }

  /** Length of the valid sequence at {@code at}, 0 if there is none. */
  private static int sequenceLength(byte[] bytes, int at) {
    int lead = bytes[at] & 0xff;
    int length = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (lead > 0xf4 || at + length > bytes.length) {
      return 0;
    }
    for (int next = at + 1; next < at + length; next++) {
      if ((bytes[next] & 0xc0) != 0x80) {
        return 0;
      }
    }
    return length < 3 || isCanonical(decode(bytes, at, length), length) ? length : 0;
  }

  private static boolean isCanonical(int point, int length) {
    return length == 3
        ? point >= 0x800 && (point < 0xd800 || point > 0xdfff)
        : point >= 0x10000 && point <= 0x10ffff;
  }

  private static int decode(byte[] bytes, int at, int length) {
    if (length == 1) {
      return bytes[at];
    }
    int point = bytes[at] & (0x7f >> length);
    for (int next = at + 1; next < at + length; next++) {
      point = point << 6 | (bytes[next] & 0x3f);
    }
    return point;
  }
}
