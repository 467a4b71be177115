package io.holdfast.common.page;

import io.holdfast.common.entry.Reference;
import io.holdfast.common.entry.Totals;
import java.util.List;

/** One decoded page. Immutable. */
public sealed interface Page permits LeafPage, IndexPage {
  /** 0 for a leaf, 1 and up for an index page. */
  int level();

  /** The table of references, in the order that the clear list of the sealed page repeats. */
  List<Reference> references();

  /**
   * Reads everything on the page, so that nothing in it can fail later, and adds it up. What is
   * below an index page is taken as stated. PAGE_CORRUPT or LIMIT_EXCEEDED if something is wrong.
   */
  Totals verify();
}
