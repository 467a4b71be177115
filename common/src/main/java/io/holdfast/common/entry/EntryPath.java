package io.holdfast.common.entry;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A path inside a snapshot: bytes, components separated by {@code /}, no leading slash, no
 * component empty, {@code .} or {@code ..}, no NUL. Nothing else is assumed; it need not be UTF-8.
 * Ordered as {@link PathOrder} says.
 */
public final class EntryPath implements Comparable<EntryPath> {
  public static final int MAX_BYTES = 65_535;

  private static final byte SEPARATOR = '/';

  private final byte[] bytes;

  private EntryPath(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A copy of {@code bytes}; PATH_UNSAFE if they are no path. */
  public static EntryPath of(byte[] bytes) {
    return copyOf(bytes, bytes.length);
  }

  /** A copy of the first {@code length} bytes; PATH_UNSAFE if they are no path. */
  public static EntryPath copyOf(byte[] bytes, int length) {
    byte[] copy = Arrays.copyOf(bytes, length);
    check(copy);
    return new EntryPath(copy);
  }

  /** The path whose bytes are the UTF-8 form of {@code text}; PATH_UNSAFE if it is none. */
  public static EntryPath of(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    check(bytes);
    return new EntryPath(bytes);
  }

  private static void check(byte[] bytes) {
    if (bytes.length == 0 || bytes.length > MAX_BYTES) {
      throw unsafe(bytes, "it has " + bytes.length + " bytes, and 1 to 65,535 are allowed");
    }
    int start = 0;
    for (int at = 0; at < bytes.length; at++) {
      if (bytes[at] == SEPARATOR) {
        checkComponent(bytes, start, at);
        start = at + 1;
      } else if (bytes[at] == 0) {
        throw unsafe(bytes, "it holds a NUL");
      }
    }
    checkComponent(bytes, start, bytes.length);
  }

  private static void checkComponent(byte[] bytes, int from, int to) {
    int length = to - from;
    if (length == 0) {
      throw unsafe(bytes, "a component is empty");
    }
    if (length <= 2 && bytes[from] == '.' && bytes[to - 1] == '.') {
      throw unsafe(bytes, "a component is '.' or '..'");
    }
  }

  private static HoldfastException unsafe(byte[] bytes, String cause) {
    byte[] shown = bytes.length <= 200 ? bytes : Arrays.copyOf(bytes, 200);
    return new HoldfastException(
        ErrorCode.PATH_UNSAFE,
        "path '" + PrintableText.of(shown) + "' can't name an entry of a snapshot: " + cause);
  }

  public int length() {
    return bytes.length;
  }

  public byte byteAt(int index) {
    return bytes[index];
  }

  public byte[] toByteArray() {
    return bytes.clone();
  }

  /** Writes the bytes from {@code from} to the end into {@code out} at {@code offset}. */
  public void write(int from, byte[] out, int offset) {
    System.arraycopy(bytes, from, out, offset, bytes.length - from);
  }

  /** Length of the longest run of bytes with which both paths begin. */
  public int sharedLength(EntryPath other) {
    int at = Arrays.mismatch(bytes, other.bytes);
    return at < 0 ? bytes.length : at;
  }

  /** Length of the directory's path, or -1 if the path has one component. */
  public int parentLength() {
    int at = bytes.length - 1;
    while (at >= 0 && bytes[at] != SEPARATOR) {
      at--;
    }
    return at;
  }

  /** The directory that holds this path; empty if it is at the top of the snapshot. */
  public Optional<EntryPath> parent() {
    int length = parentLength();
    return length < 0 ? Optional.empty() : Optional.of(new EntryPath(Arrays.copyOf(bytes, length)));
  }

  /** The last component. */
  public Octets name() {
    int from = parentLength() + 1;
    return Octets.copyOf(bytes, from, bytes.length - from);
  }

  /** The path of {@code name} in this directory; PATH_UNSAFE if that is no path. */
  public EntryPath child(Octets name) {
    byte[] joined = Arrays.copyOf(bytes, bytes.length + 1 + name.length());
    joined[bytes.length] = SEPARATOR;
    name.write(joined, bytes.length + 1);
    if (name.contains(SEPARATOR)) {
      throw unsafe(joined, "the name '" + name + "' holds a separator");
    }
    check(joined);
    return new EntryPath(joined);
  }

  /** Number of components, 1 and up. */
  public int depth() {
    int depth = 1;
    for (byte b : bytes) {
      depth += b == SEPARATOR ? 1 : 0;
    }
    return depth;
  }

  /** Whether this path is {@code top} or lies below it. */
  public boolean isWithin(EntryPath top) {
    int length = top.bytes.length;
    return bytes.length >= length
        && Arrays.equals(bytes, 0, length, top.bytes, 0, length)
        && (bytes.length == length || bytes[length] == SEPARATOR);
  }

  /**
   * The lowest path above this one and everything below it: where to go on when a directory is left
   * out. No entry has to exist there; it may be one byte longer than an entry's path.
   */
  public EntryPath afterSubtree() {
    byte[] next = Arrays.copyOf(bytes, bytes.length + 1);
    next[bytes.length] = 1;
    return new EntryPath(next);
  }

  @Override
  public int compareTo(EntryPath other) {
    return PathOrder.compare(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EntryPath that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** For people; see {@link Octets#toString}. */
  @Override
  public String toString() {
    return PrintableText.of(bytes);
  }
}
