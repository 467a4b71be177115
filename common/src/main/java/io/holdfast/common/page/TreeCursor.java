package io.holdfast.common.page;

import io.holdfast.common.entry.Entry;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;

/** All entries of a snapshot in order, with jumps. Belongs to one thread. */
public final class TreeCursor implements EntryCursor {
  private final PageWalker walker;

  /** The walker stands on {@link #entry}, which {@link #next} has given out already. */
  private boolean given;

  private Entry entry;
  private Reference leafPage;

  TreeCursor(PageWalker walker) {
    this.walker = walker;
  }

  @Override
  public boolean next() {
    if (given) {
      walker.skip();
      given = false;
    }
    while (!walker.atEnd() && !walker.atEntry()) {
      walker.open();
    }
    if (walker.atEnd()) {
      return false;
    }
    entry = walker.entry();
    leafPage = walker.leafPage();
    given = true;
    return true;
  }

  @Override
  public Entry entry() {
    return entry;
  }

  /** The leaf page that holds {@link #entry}: what refers to its chunks. */
  public Reference leafPage() {
    return leafPage;
  }

  /**
   * Goes, forward or back, to before the first entry whose path is {@code path} or comes after it.
   */
  public void seek(EntryPath path) {
    seek(EntryKey.of(path));
  }

  /** Goes to before the first entry that lies below {@code directory}, or where it would be. */
  void seekInside(EntryPath directory) {
    seek(new EntryKey(directory, Long.MAX_VALUE));
  }

  private void seek(EntryKey key) {
    walker.seek(key);
    given = false;
    if (!walker.atEnd() && !(walker.entry() instanceof Node)) {
      throw new HoldfastException(
          ErrorCode.PAGE_CORRUPT,
          "a segment of '" + walker.entry().path() + "' doesn't follow its file");
    }
  }

  /**
   * After {@link #next} or {@link #seek} threw because of one page: leaves out that page, or what
   * of it didn't come, so that everything behind it can still be read. What comes next need not
   * follow what came before: its directory or its file's beginning may be among what is lost.
   */
  public LostRange leaveOutPage() {
    given = false;
    return walker.leaveOut();
  }

  /** Leaves out all that is below {@link #entry}, the further segments of a file included. */
  public void skipSubtree() {
    seek(entry.path().afterSubtree());
  }
}
