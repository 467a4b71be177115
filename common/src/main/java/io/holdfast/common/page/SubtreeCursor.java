package io.holdfast.common.page;

import io.holdfast.common.entry.Entry;
import io.holdfast.common.entry.EntryPath;

/** The entries of one path and of everything below it. */
final class SubtreeCursor implements EntryCursor {
  private final TreeCursor entries;
  private final EntryPath top;
  private boolean ended;

  SubtreeCursor(TreeCursor entries, EntryPath top) {
    this.entries = entries;
    this.top = top;
  }

  @Override
  public boolean next() {
    ended = ended || !entries.next() || !entries.entry().path().isWithin(top);
    return !ended;
  }

  @Override
  public Entry entry() {
    return entries.entry();
  }
}
