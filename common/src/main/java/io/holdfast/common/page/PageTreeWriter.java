package io.holdfast.common.page;

import io.holdfast.common.entry.Entry;
import io.holdfast.common.entry.Octets;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a snapshot's list of entries as pages, up to the root. Holds one open page a level,
 * whatever the number of entries. The same entries and sources give the same pages, byte for byte.
 *
 * <p>A page that the rule has ended goes out only when something follows it on its level: the last
 * one of a level may turn out to hold all there is, and then it is the root.
 *
 * <p>Belongs to one thread. After an exception it must not be used any more; nothing has to be
 * closed.
 */
public final class PageTreeWriter {
  private final PageSink sink;
  private final NameHash names;
  private final EntrySequence sequence = new EntrySequence(ErrorCode.INTERNAL);
  private final List<Level> levels = new ArrayList<>();
  private long leafPages;
  private long indexPages;
  private long pageBytes;
  private boolean finished;

  /**
   * A writer for one snapshot.
   *
   * @param names decides where pages are cut; the same for all snapshots of a repository
   */
  public PageTreeWriter(PageSink sink, NameHash names) {
    this.sink = sink;
    this.names = names;
    levels.add(new Level(0));
  }

  /**
   * Adds the next entry. INTERNAL if it breaks the order of the list, comes before its directory,
   * or its segments don't fit together: the walk is wrong, not the host. LIMIT_EXCEEDED if totals
   * pass 63 bits.
   */
  public void add(Entry entry) {
    if (finished) {
      throw new IllegalStateException("the snapshot is finished");
    }
    int shared = sequence.accept(entry);
    Level leaves = levels.getFirst();
    flushIfEnded(leaves);
    leaves.page.add(entry, shared);
  }

  /**
   * Writes what is still open and the root. Called once, last.
   *
   * @param sources absolute paths as they were given, strictly ascending as bytes; or one name of
   *     what isn't files
   */
  public PageTree finish(List<Octets> sources) {
    if (finished) {
      throw new IllegalStateException("the snapshot is finished");
    }
    finished = true;
    sequence.finish();
    if (!levels.getFirst().page.isEmpty()) {
      flush(levels.getFirst());
    }
    Level top = level(1);
    while (top.pages > 0) {
      flush(top);
      top = level(top.number + 1);
    }
    return storeRoot(top.page, sources);
  }

  private void flushIfEnded(Level level) {
    if (level.page.hasEnded()) {
      flush(level);
    }
  }

  private void flush(Level level) {
    OpenPage page = level.page;
    Reference stored = store(page, page.toPlaintext(), false);
    Child child = new Child(page.first(), stored, page.totals());
    page.clear();
    level.pages++;
    Level above = level(level.number + 1);
    flushIfEnded(above);
    above.page.add(child);
  }

  private Level level(int number) {
    if (number > PageLimits.MAX_LEVEL) {
      throw new HoldfastException(
          ErrorCode.LIMIT_EXCEEDED, "the snapshot needs more than 32 levels of pages");
    }
    if (number == levels.size()) {
      levels.add(new Level(number));
    }
    return levels.get(number);
  }

  private PageTree storeRoot(OpenPage page, List<Octets> sources) {
    RootHeader header = new RootHeader(sources, page.totals());
    Reference root = store(page, page.toRootPlaintext(header), true);
    return new PageTree(root, header, leafPages, indexPages, pageBytes);
  }

  private Reference store(OpenPage page, byte[] plaintext, boolean root) {
    PageSummary summary = page.summary(root);
    leafPages += summary.level() == 0 ? 1 : 0;
    indexPages += summary.level() == 0 ? 0 : 1;
    pageBytes += plaintext.length;
    return sink.store(plaintext, page.references(), summary);
  }

  /** Bytes held in buffers and tables: bounded by the number of levels, not of entries. */
  long retainedBytes() {
    return levels.stream().mapToLong(level -> level.page.retainedBytes()).sum();
  }

  private final class Level {
    private final int number;
    private final OpenPage page;
    private long pages;

    private Level(int number) {
      this.number = number;
      this.page = new OpenPage(number, names);
    }
  }
}
