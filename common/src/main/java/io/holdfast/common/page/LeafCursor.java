package io.holdfast.common.page;

import io.holdfast.common.entry.Entry;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.entry.Totals;
import java.util.List;

/** Decodes the entries of one leaf one by one. */
final class LeafCursor implements EntryCursor {
  private final PageInput in;
  private final ReferenceUse references;
  private final EntrySequence sequence;
  private final EntryReader reader;
  private final int size;
  private final Tally tally = new Tally();
  private int passed;
  private Entry entry;

  LeafCursor(PageInput in, List<Reference> table, int size, EntrySequence sequence) {
    this.in = in;
    this.references = new ReferenceUse(table);
    this.reader = new EntryReader(in, references);
    this.size = size;
    this.sequence = sequence;
  }

  @Override
  public boolean next() {
    if (passed == size) {
      return false;
    }
    Entry read = reader.read();
    int shared = sequence.accept(read);
    if (passed > 0 && shared != reader.sharedLength()) {
      throw in.corrupt("'" + read.path() + "' shares " + shared + " bytes, and the page says less");
    }
    tally.add(read);
    entry = read;
    passed++;
    if (passed == size) {
      finish();
    }
    return true;
  }

  private void finish() {
    references.finish(in);
    if (in.remaining() != 0) {
      throw in.corrupt(in.remaining() + " bytes follow the last entry");
    }
  }

  @Override
  public Entry entry() {
    return entry;
  }

  /** Whether the entry moved to last is the page's last. */
  boolean atLast() {
    return passed == size;
  }

  /** Of the entries passed so far. */
  Totals totals() {
    return tally.toTotals();
  }
}
