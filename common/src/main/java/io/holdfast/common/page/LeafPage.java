package io.holdfast.common.page;

import io.holdfast.common.entry.Reference;
import io.holdfast.common.entry.Totals;
import io.holdfast.common.error.ErrorCode;
import java.util.List;

/** A page of entries. They are decoded as a cursor passes them, not before. */
public final class LeafPage implements Page {
  /** Head, shared count, rest length and a type's least fields. */
  private static final int MIN_ENTRY_BYTES = 4;

  private final byte[] plaintext;
  private final int itemsFrom;
  private final List<Reference> references;
  private final int size;

  private LeafPage(byte[] plaintext, int itemsFrom, List<Reference> references, int size) {
    this.plaintext = plaintext;
    this.itemsFrom = itemsFrom;
    this.references = references;
    this.size = size;
  }

  static LeafPage read(PageInput in, List<Reference> references) {
    int size = in.count(PageLimits.MAX_PAGE_BYTES, MIN_ENTRY_BYTES, "number of entries");
    if (size == 0) {
      throw in.corrupt("a leaf has no entries");
    }
    return new LeafPage(in.bytes(), in.position(), references, size);
  }

  @Override
  public int level() {
    return 0;
  }

  @Override
  public List<Reference> references() {
    return references;
  }

  /** Number of entries on the page. */
  public int size() {
    return size;
  }

  /** The entries of this page alone; it may begin inside a file and end inside one. */
  public EntryCursor entries() {
    EntrySequence sequence = new EntrySequence(ErrorCode.PAGE_CORRUPT);
    sequence.forget();
    return entries(sequence);
  }

  LeafCursor entries(EntrySequence sequence) {
    return new LeafCursor(new PageInput(plaintext, itemsFrom), references, size, sequence);
  }

  @Override
  public Totals verify() {
    EntrySequence sequence = new EntrySequence(ErrorCode.PAGE_CORRUPT);
    sequence.forget();
    LeafCursor entries = entries(sequence);
    boolean more = true;
    while (more) {
      more = entries.next();
    }
    return entries.totals();
  }
}
