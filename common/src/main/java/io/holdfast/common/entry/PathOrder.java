package io.holdfast.common.entry;

import java.util.Arrays;

/**
 * The order of paths in a snapshot: component by component as unsigned bytes, which is depth-first
 * order. A path holds no NUL, so taking the separator as the lowest byte of all gives exactly that
 * order in one pass over the bytes: {@code a} before {@code a/b} before {@code a-b}.
 */
public final class PathOrder {
  private PathOrder() {}

  public static int compare(byte[] left, byte[] right) {
    return compare(left, left.length, right, right.length);
  }

  /** Compares the first {@code leftLength} bytes of one path with the first ones of the other. */
  public static int compare(byte[] left, int leftLength, byte[] right, int rightLength) {
    int at = Arrays.mismatch(left, 0, leftLength, right, 0, rightLength);
    if (at < 0) {
      return 0;
    }
    if (at == leftLength || at == rightLength) {
      return Integer.compare(leftLength, rightLength);
    }
    return Integer.compare(weight(left[at]), weight(right[at]));
  }

  private static int weight(byte b) {
    return b == '/' ? 0 : b & 0xff;
  }
}
