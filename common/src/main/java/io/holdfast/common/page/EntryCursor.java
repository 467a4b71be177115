package io.holdfast.common.page;

import io.holdfast.common.entry.Entry;

/**
 * Entries one after another, in order. Belongs to one thread; holds nothing that must be closed.
 */
public interface EntryCursor {
  /**
   * Moves to the next entry; false at the end, and from then on. Throws PAGE_CORRUPT,
   * LIMIT_EXCEEDED or UNKNOWN_VERSION, or what the {@link PageSource} throws; afterwards the cursor
   * is of no use.
   */
  boolean next();

  /** The entry moved to last; it stays valid when the cursor moves on. */
  Entry entry();
}
