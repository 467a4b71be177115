package io.holdfast.common.page;

/**
 * The keyed hash from which page cuts follow ({@code proto/FORMAT.md}, section 4, "Cutting"). Its
 * key is the repository's gear secret, so that cut points tell outsiders nothing about names.
 */
@FunctionalInterface
public interface NameHash {
  /**
   * The name hash of the path in {@code length} bytes from {@code offset}.
   *
   * @param segmentOffset the item's segment offset in bytes, 0 for all but continuations
   */
  long of(byte[] path, int offset, int length, long segmentOffset);
}
