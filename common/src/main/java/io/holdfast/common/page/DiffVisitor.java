package io.holdfast.common.page;

import io.holdfast.common.entry.Node;
import java.util.Set;

/** Is told how two snapshots differ, path after path in their order. */
public interface DiffVisitor {
  /** The path is in the later snapshot only. */
  void added(Node after);

  /** The path is in the earlier snapshot only. */
  void removed(Node before);

  /**
   * The path is in both.
   *
   * @param differences at least one
   */
  void changed(Node before, Node after, Set<Difference> differences);
}
