package io.holdfast.coordinator.catalog.store;

/**
 * Walks rows in ascending key order, within one prefix at a time. For one thread; the creator
 * closes it. {@link #key} and {@link #value} may be asked only after a {@code true}.
 */
public interface Cursor extends AutoCloseable {
  /**
   * Goes to the first row whose key begins with {@code prefix} (an empty one: the family's first).
   * May be called again and again, in any order of prefixes.
   *
   * @return whether there is such a row
   */
  boolean seek(byte[] prefix);

  /**
   * Goes to the first row whose key begins with {@code prefix} and isn't below {@code from}, which
   * begins with {@code prefix} itself.
   */
  boolean seek(byte[] prefix, byte[] from);

  /** Goes to the next row with the prefix of the last seek, if there is one. */
  boolean next();

  byte[] key();

  byte[] value();

  @Override
  void close();
}
