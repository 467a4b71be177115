package io.holdfast.common.page;

import io.holdfast.common.entry.Entry;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.entry.Totals;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.util.ArrayList;
import java.util.List;

/**
 * Walks a snapshot's pages from the root, holding one path of them. It stands before a page that
 * isn't open yet, on an entry, or at the end; a page can be opened or left out.
 *
 * <p>Every opened page is checked against what its index said: W1, its level is one below; W2, its
 * first key is the stated one; W3, everything in it comes before its next sibling; W4, its totals
 * are the stated ones (a leaf's once its last entry is passed); and entries against {@link
 * EntrySequence}. By W1 to W3 no page can be met twice, so a walk ends.
 */
final class PageWalker {
  private final PageSource source;
  private final EntrySequence sequence = new EntrySequence(ErrorCode.PAGE_CORRUPT);
  private final List<IndexFrame> indexes = new ArrayList<>();
  private LeafFrame leaf;

  PageWalker(PageSource source, IndexPage root) {
    this.source = source;
    indexes.add(new IndexFrame(root, null));
  }

  boolean atEnd() {
    return leaf == null && top().position == top().page.children().size();
  }

  boolean atEntry() {
    return leaf != null;
  }

  /** The entry it stands on. */
  Entry entry() {
    return leaf.cursor.entry();
  }

  /** The leaf page that holds the entry it stands on. */
  Reference leafPage() {
    return leaf.child.page();
  }

  /** The page it stands before. */
  Child page() {
    return top().child();
  }

  /** Level of the page it stands before. */
  int pageLevel() {
    return top().page.level() - 1;
  }

  /** Key of the entry, or of the first one of the page. */
  EntryKey key() {
    return atEntry() ? EntryKey.of(entry()) : page().first();
  }

  /** Opens the page: it then stands on its first entry, or before the first page below it. */
  void open() {
    Child child = page();
    EntryKey bound = top().childBound();
    try {
      switch (read(child.page())) {
        case LeafPage page -> openLeaf(page, child, bound);
        case IndexPage page -> openIndex(page, child, bound);
      }
    } catch (HoldfastException e) {
      throw inPage(child, e);
    }
  }

  private Page read(Reference reference) {
    Page page = PageCodec.decode(source.read(reference));
    if (page.level() != pageLevel()) {
      throw corrupt("it has level " + page.level() + " where " + pageLevel() + " must be");
    }
    return page;
  }

  private void openLeaf(LeafPage page, Child child, EntryKey bound) {
    LeafCursor cursor = page.entries(sequence);
    if (!cursor.next()) {
      throw corrupt("it has no entries");
    }
    checkFirst(child, EntryKey.of(cursor.entry()));
    leaf = new LeafFrame(cursor, child, bound);
    checkLeaf();
  }

  private void openIndex(IndexPage page, Child child, EntryKey bound) {
    if (page.root().isPresent()) {
      throw corrupt("it is a root, and stands below one");
    }
    checkFirst(child, page.children().getFirst().first());
    checkBound(page.children().getLast().first(), bound);
    checkTotals(child, page.totals());
    indexes.add(new IndexFrame(page, bound));
  }

  /** Goes past the entry, or past the page without opening it. */
  void skip() {
    if (leaf == null) {
      sequence.forget();
      advance();
    } else if (nextInLeaf()) {
      checkLeaf();
    } else {
      leaf = null;
      advance();
    }
  }

  /**
   * Goes past the page that it stands before or in, with all below it, unseen: after that page
   * couldn't be had.
   */
  LostRange leaveOut() {
    Child lost = leaf == null ? page() : leaf.child;
    leaf = null;
    sequence.forget();
    advance();
    return new LostRange(lost.first().path(), lost.totals());
  }

  private boolean nextInLeaf() {
    try {
      return leaf.cursor.next();
    } catch (HoldfastException e) {
      throw inPage(leaf.child, e);
    }
  }

  private void checkLeaf() {
    if (leaf.cursor.atLast()) {
      checkBound(EntryKey.of(leaf.cursor.entry()), leaf.bound);
      checkTotals(leaf.child, leaf.cursor.totals());
    }
  }

  private void advance() {
    top().position++;
    while (indexes.size() > 1 && top().position == top().page.children().size()) {
      indexes.removeLast();
      top().position++;
    }
    if (atEnd()) {
      sequence.finish();
    }
  }

  /** Goes, forward or back, to the first entry with {@code key} or a higher one, or to the end. */
  void seek(EntryKey key) {
    if (leaf == null || !leaf.covers(key) || EntryKey.of(entry()).compareTo(key) > 0) {
      openLeafOf(key);
    }
    while (!atEnd() && key().compareTo(key) < 0) {
      skip();
    }
    while (!atEnd() && !atEntry()) {
      open();
    }
  }

  /**
   * Opens the leaf in which {@code key} would lie, keeping those pages above it that still lead
   * there.
   */
  private void openLeafOf(EntryKey key) {
    leaf = null;
    sequence.forget();
    while (indexes.size() > 1 && !top().covers(key)) {
      indexes.removeLast();
    }
    top().position = top().page.positionOf(key);
    while (!atEnd() && !atEntry()) {
      open();
      if (!atEntry()) {
        top().position = top().page.positionOf(key);
      }
    }
  }

  private IndexFrame top() {
    return indexes.getLast();
  }

  private static void checkFirst(Child child, EntryKey first) {
    if (!child.first().equals(first)) {
      throw corrupt("it begins at '" + first + "' instead");
    }
  }

  private static void checkBound(EntryKey last, EntryKey bound) {
    if (bound != null && last.compareTo(bound) >= 0) {
      throw corrupt("it reaches '" + last + "', and the page after it begins at '" + bound + "'");
    }
  }

  private static void checkTotals(Child child, Totals totals) {
    if (!child.totals().equals(totals)) {
      throw corrupt("it holds " + totals + ", and the index says " + child.totals());
    }
  }

  private static HoldfastException corrupt(String problem) {
    return new HoldfastException(ErrorCode.PAGE_CORRUPT, problem);
  }

  /** Says where in the snapshot a bad page lies; its K is a secret and can't name it. */
  private static HoldfastException inPage(Child child, HoldfastException e) {
    return switch (e.code()) {
      case PAGE_CORRUPT, LIMIT_EXCEEDED, UNKNOWN_VERSION ->
          new HoldfastException(
              e.code(), "page that begins at '" + child.first() + "': " + e.getMessage(), e);
      default -> e;
    };
  }

  /** An open index page; what it leads to is below {@code bound}, or all that follows if null. */
  private static final class IndexFrame {
    private final IndexPage page;
    private final EntryKey bound;
    private int position;

    private IndexFrame(IndexPage page, EntryKey bound) {
      this.page = page;
      this.bound = bound;
    }

    private Child child() {
      return page.children().get(position);
    }

    private EntryKey childBound() {
      int next = position + 1;
      return next < page.children().size() ? page.children().get(next).first() : bound;
    }

    private boolean covers(EntryKey key) {
      return isWithin(key, page.children().getFirst().first(), bound);
    }
  }

  private record LeafFrame(LeafCursor cursor, Child child, EntryKey bound) {
    private boolean covers(EntryKey key) {
      return isWithin(key, child.first(), bound);
    }
  }

  private static boolean isWithin(EntryKey key, EntryKey first, EntryKey bound) {
    return first.compareTo(key) <= 0 && (bound == null || key.compareTo(bound) < 0);
  }
}
