package io.holdfast.common.page;

import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.entry.Totals;
import io.holdfast.common.id.ChunkKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A page of pages, all of the level below; the root is one. Decoded in full. */
public final class IndexPage implements Page {
  /** Shared count, rest length, segment offset, reference index, five totals. */
  private static final int MIN_CHILD_BYTES = 9;

  private final PageHead head;
  private final List<Child> children;
  private final Totals totals;

  private IndexPage(PageHead head, List<Child> children, Totals totals) {
    this.head = head;
    this.children = children;
    this.totals = totals;
  }

  static IndexPage read(PageInput in, PageHead head) {
    int count = in.count(PageLimits.MAX_PAGE_BYTES, MIN_CHILD_BYTES, "number of children");
    if (count == 0 && head.root().isEmpty()) {
      throw in.corrupt("an index page has no children");
    }
    ReferenceUse references = new ReferenceUse(head.references());
    PathReader paths = new PathReader(in);
    List<Child> children = new ArrayList<>(count);
    Tally tally = new Tally();
    for (int at = 0; at < count; at++) {
      Child child = readChild(in, paths, references);
      checkOrder(in, children, child, paths);
      children.add(child);
      tally.add(child.totals());
    }
    finish(in, references);
    Totals totals = tally.toTotals();
    if (head.root().isPresent() && !head.root().get().totals().equals(totals)) {
      throw in.corrupt("the root's totals aren't the sum of its children's");
    }
    return new IndexPage(head, List.copyOf(children), totals);
  }

  private static Child readChild(PageInput in, PathReader paths, ReferenceUse references) {
    EntryPath path = paths.read();
    EntryKey first = new EntryKey(path, in.size("segment offset"));
    int index = in.value(PageLimits.MAX_REFERENCES, "reference index");
    if (index != references.used()) {
      throw in.corrupt("child '" + first + "' doesn't use the next reference");
    }
    Reference page = references.get(index, in);
    if (page.kind() != ChunkKind.PAGE) {
      throw in.corrupt("child '" + first + "' is a " + page);
    }
    return new Child(first, page, PageHead.readTotals(in));
  }

  private static void checkOrder(PageInput in, List<Child> before, Child child, PathReader paths) {
    if (before.isEmpty()) {
      return;
    }
    EntryKey last = before.getLast().first();
    if (last.compareTo(child.first()) >= 0) {
      throw in.corrupt("child '" + child.first() + "' doesn't follow '" + last + "' in order");
    }
    if (last.path().sharedLength(child.first().path()) != paths.sharedLength()) {
      throw in.corrupt("child '" + child.first() + "' shares more than the page says");
    }
  }

  private static void finish(PageInput in, ReferenceUse references) {
    references.finish(in);
    if (in.remaining() != 0) {
      throw in.corrupt(in.remaining() + " bytes follow the last child");
    }
  }

  @Override
  public int level() {
    return head.level();
  }

  @Override
  public List<Reference> references() {
    return head.references();
  }

  /** What the root says, if this page is one. */
  public Optional<RootHeader> root() {
    return head.root();
  }

  /** The pages below, in order. */
  public List<Child> children() {
    return children;
  }

  /** Sum of the children's totals, as they are stated. */
  public Totals totals() {
    return totals;
  }

  @Override
  public Totals verify() {
    return totals;
  }

  /** Position of the child on or below which {@code key} would lie; 0 if it is before all. */
  int positionOf(EntryKey key) {
    int low = 0;
    int high = children.size();
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (children.get(middle).first().compareTo(key) <= 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
