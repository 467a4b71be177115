package io.holdfast.agent.walk;

import io.holdfast.agent.posix.DirectoryEntries;
import java.util.Arrays;

/** Names in one array, one behind the other. Filled by one thread, then only read. */
final class NameTable {
  private static final int INITIAL_NAMES = 16;
  private static final int INITIAL_BYTES_PER_NAME = 16;

  private byte[] bytes;
  private int[] ends;
  private int count;

  NameTable() {
    this(INITIAL_NAMES);
  }

  NameTable(int expectedNames) {
    bytes = new byte[expectedNames * INITIAL_BYTES_PER_NAME];
    ends = new int[expectedNames];
  }

  int count() {
    return count;
  }

  int byteCount() {
    return count == 0 ? 0 : ends[count - 1];
  }

  /** The array the names are in; see {@link #start} and {@link #end}. */
  byte[] bytes() {
    return bytes;
  }

  int start(int index) {
    return index == 0 ? 0 : ends[index - 1];
  }

  int end(int index) {
    return ends[index];
  }

  byte[] name(int index) {
    return Arrays.copyOfRange(bytes, start(index), end(index));
  }

  boolean isNamed(int index, byte[] name) {
    return Arrays.equals(bytes, start(index), end(index), name, 0, name.length);
  }

  void add(DirectoryEntries entry) {
    int at = reserve(entry.nameLength());
    entry.copyName(bytes, at);
  }

  void add(byte[] source, int from, int length) {
    int at = reserve(length);
    System.arraycopy(source, from, bytes, at, length);
  }

  void add(byte[] name) {
    add(name, 0, name.length);
  }

  private int reserve(int length) {
    int at = byteCount();
    if (at + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(at + length, 2 * bytes.length));
    }
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, 2 * count);
    }
    ends[count++] = at + length;
    return at;
  }

  void clear() {
    count = 0;
  }

  /** The same names, ascending by unsigned bytes, in arrays of exactly their size. */
  NameTable sorted() {
    int[] order = sortedOrder();
    NameTable out = new NameTable(0);
    out.bytes = new byte[byteCount()];
    out.ends = new int[count];
    for (int index : order) {
      out.add(bytes, start(index), end(index) - start(index));
    }
    return out;
  }

  /** Bottom-up merge sort of the indices: stable, no objects, one pass if already in order. */
  private int[] sortedOrder() {
    int[] from = new int[count];
    Arrays.setAll(from, i -> i);
    int[] to = new int[count];
    for (int width = 1; width < count; width *= 2) {
      for (int low = 0; low < count; low += 2 * width) {
        int middle = Math.min(low + width, count);
        merge(from, to, low, middle, Math.min(middle + width, count));
      }
      int[] swap = from;
      from = to;
      to = swap;
    }
    return from;
  }

  private void merge(int[] from, int[] to, int low, int middle, int high) {
    if (middle == high || compare(from[middle - 1], from[middle]) <= 0) {
      System.arraycopy(from, low, to, low, high - low);
      return;
    }
    int left = low;
    int right = middle;
    for (int i = low; i < high; i++) {
      boolean takeLeft = left < middle && (right == high || compare(from[left], from[right]) <= 0);
      to[i] = takeLeft ? from[left++] : from[right++];
    }
  }

  private int compare(int left, int right) {
    return Arrays.compareUnsigned(bytes, start(left), end(left), bytes, start(right), end(right));
  }
}
