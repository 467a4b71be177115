package io.holdfast.common.page;

import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.error.HoldfastException;
import java.util.Arrays;

/** Reads the paths of one page, each told by what it shares with the one before. */
final class PathReader {
  private final PageInput in;
  private byte[] bytes = new byte[256];
  private int length;
  private int sharedLength;
  private EntryPath path;

  PathReader(PageInput in) {
    this.in = in;
  }

  EntryPath read() {
    sharedLength = in.value(length, "number of bytes shared with the path before");
    int rest = in.capped(EntryPath.MAX_BYTES - sharedLength, "length of a path's rest");
    int from = in.skip(rest, "a path");
    if (rest == 0 && sharedLength == length && path != null) {
      return path;
    }
    length = sharedLength + rest;
    if (length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length, 2 * bytes.length));
    }
    System.arraycopy(in.bytes(), from, bytes, sharedLength, rest);
    path = toPath();
    return path;
  }

  private EntryPath toPath() {
    try {
      return EntryPath.copyOf(bytes, length);
    } catch (HoldfastException e) {
      throw in.corrupt(e.getMessage());
    }
  }

  /** What the path read last was said to share with the one before it. */
  int sharedLength() {
    return sharedLength;
  }
}
