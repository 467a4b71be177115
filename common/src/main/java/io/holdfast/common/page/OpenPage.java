package io.holdfast.common.page;

import io.holdfast.common.entry.Entry;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.entry.Totals;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.util.List;

/**
 * The page of one level that items are being added to, and the rule that says where it ends. Its
 * buffers serve one page after another.
 */
final class OpenPage {
  private final int level;
  private final NameHash names;
  private final ReferenceTable references = new ReferenceTable();
  private final PageOutput items = new PageOutput(PageLimits.CUT_MIN_BYTES);
  private final PageOutput whole = new PageOutput(PageLimits.CUT_MIN_BYTES);
  private final EntryWriter entries = new EntryWriter(items, references);
  private final Tally tally = new Tally();
  private byte[] pathBytes = new byte[256];
  private EntryKey first;
  private EntryPath last;
  private int count;
  private boolean ended;

  OpenPage(int level, NameHash names) {
    this.level = level;
    this.names = names;
  }

  /** Adds an entry that shares {@code shared} bytes with the last one of the list. */
  void add(Entry entry, int shared) {
    entries.write(entry, count == 0 ? 0 : shared);
    tally.add(entry);
    added(entry.path(), entry.segmentOffset());
  }

  void add(Child child) {
    EntryPath path = child.first().path();
    items.path(path, count == 0 ? 0 : last.sharedLength(path));
    items.varint(child.first().segmentOffset());
    items.varint(references.indexOf(child.page()));
    PageHead.writeTotals(items, child.totals());
    tally.add(child.totals());
    added(path, child.first().segmentOffset());
  }

  private void added(EntryPath path, long segmentOffset) {
    if (count == 0) {
      first = new EntryKey(path, segmentOffset);
    }
    last = path;
    count++;
    ended = endsAfter(path, segmentOffset);
  }

  private boolean endsAfter(EntryPath path, long segmentOffset) {
    if (level > 0 && count < PageLimits.CUT_MIN_CHILDREN) {
      return false;
    }
    if (items.length() < PageLimits.CUT_MIN_BYTES) {
      return false;
    }
    return items.length() >= PageLimits.CUT_MAX_BYTES || isCutPoint(path, segmentOffset);
  }

  private boolean isCutPoint(EntryPath path, long segmentOffset) {
    if (path.length() > pathBytes.length) {
      pathBytes = new byte[Math.max(path.length(), 2 * pathBytes.length)];
    }
    path.write(0, pathBytes, 0);
    long hash = spread(names.of(pathBytes, 0, path.length(), segmentOffset));
    int bits = level == 0 ? PageLimits.LEAF_CUT_BITS : PageLimits.INDEX_CUT_BITS;
    return hash >>> (Long.SIZE - bits) == 0;
  }

  /**
   * Folds and multiplies once more (2^64 divided by the golden ratio; Knuth, TAOCP 3, section 6.4).
   * The name hash alone is linear in the gear values: among numbered names, the one after a cut
   * always hashes to one of few values, and index pages would go uncut for thousands of children.
   */
  private static long spread(long nameHash) {
    return (nameHash ^ nameHash >>> 32) * 0x9E3779B97F4A7C15L;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** Whether the rule ends the page after the item added last. */
  boolean hasEnded() {
    return ended;
  }

  EntryKey first() {
    return first;
  }

  Totals totals() {
    return tally.toTotals();
  }

  List<Reference> references() {
    return references.toList();
  }

  PageSummary summary(boolean root) {
    return new PageSummary(level, root, count, totals());
  }

  byte[] toPlaintext() {
    whole.clear();
    PageHead.write(whole, level, references);
    return withItems();
  }

  byte[] toRootPlaintext(RootHeader header) {
    whole.clear();
    PageHead.writeRoot(whole, level, references, header);
    return withItems();
  }

  private byte[] withItems() {
    whole.varint(count);
    whole.append(items);
    if (whole.length() > PageLimits.MAX_PAGE_BYTES
        || references.size() > PageLimits.MAX_REFERENCES) {
      throw new HoldfastException(
          ErrorCode.LIMIT_EXCEEDED,
          "page at '" + first + "' has " + whole.length() + " bytes; the most is 2 MiB");
    }
    return whole.toByteArray();
  }

  /** Ready for the next page of this level. */
  void clear() {
    references.clear();
    items.clear();
    tally.clear();
    count = 0;
    ended = false;
  }

  /** Bytes held in buffers and the reference table, whatever the page holds now. */
  long retainedBytes() {
    return (long) items.capacity()
        + whole.capacity()
        + pathBytes.length
        + (long) references.size() * Reference.LENGTH;
  }
}
