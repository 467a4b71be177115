package io.holdfast.common.page;

import io.holdfast.common.entry.Reference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The references of a page that is being written: each once, in order of first use. */
final class ReferenceTable {
  private final Map<Reference, Integer> indexes = new HashMap<>();
  private final List<Reference> inOrder = new ArrayList<>();

  /** The index of {@code reference}, which joins the table if it is new. */
  int indexOf(Reference reference) {
    Integer known = indexes.putIfAbsent(reference, inOrder.size());
    if (known != null) {
      return known;
    }
    inOrder.add(reference);
    return inOrder.size() - 1;
  }

  int size() {
    return inOrder.size();
  }

  List<Reference> toList() {
    return List.copyOf(inOrder);
  }

  void writeTo(PageOutput out) {
    out.varint(inOrder.size());
    for (Reference reference : inOrder) {
      out.reference(reference);
    }
  }

  void clear() {
    indexes.clear();
    inOrder.clear();
  }
}
