package io.holdfast.common.page;

import io.holdfast.common.entry.Reference;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads a page's uses of its reference table and sees to it that the table is what a writer makes:
 * each reference once, in order of first use, none unused. So a page has one form only, and a
 * reference that nothing uses can't ride in it.
 */
final class ReferenceUse {
  private final List<Reference> table;
  private int used;

  ReferenceUse(List<Reference> table) {
    this.table = table;
  }

  static List<Reference> readTable(PageInput in) {
    int count = in.count(PageLimits.MAX_REFERENCES, Reference.LENGTH, "number of references");
    Reference[] table = new Reference[count];
    Set<Reference> seen = HashSet.newHashSet(count);
    for (int at = 0; at < count; at++) {
      table[at] = PageHead.readReference(in);
      if (!seen.add(table[at])) {
        throw in.corrupt("reference " + at + " repeats an earlier one");
      }
    }
    return List.of(table);
  }

  /** The reference at {@code index}, read just before from {@code in}. */
  Reference get(int index, PageInput in) {
    if (index > used || index >= table.size()) {
      throw in.corrupt("reference " + index + " is used out of order, after " + used + " others");
    }
    if (index == used) {
      used++;
    }
    return table.get(index);
  }

  int used() {
    return used;
  }

  void finish(PageInput in) {
    if (used != table.size()) {
      throw in.corrupt("the page uses " + used + " of its " + table.size() + " references");
    }
  }
}
