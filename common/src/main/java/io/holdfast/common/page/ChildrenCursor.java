package io.holdfast.common.page;

import io.holdfast.common.entry.Continuation;
import io.holdfast.common.entry.Entry;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Node;
import java.util.Optional;

/** The nodes right in one directory; whole subtrees below them are jumped over, not read. */
final class ChildrenCursor implements EntryCursor {
  private final TreeCursor entries;
  private final Optional<EntryPath> directory;
  private boolean started;
  private boolean ended;

  ChildrenCursor(TreeCursor entries, Optional<EntryPath> directory) {
    this.entries = entries;
    this.directory = directory;
  }

  @Override
  public boolean next() {
    if (ended) {
      return false;
    }
    if (started) {
      skipBelow();
    }
    started = true;
    ended = !entries.next() || !isInside(entries.entry());
    return !ended;
  }

  private void skipBelow() {
    boolean leaf =
        switch (entry()) {
          case Node node -> !node.isDirectory() && !mayGoOn(node);
          case Continuation continuation -> false;
        };
    if (!leaf) {
      entries.skipSubtree();
    }
  }

  /** Whether further segments of the node may follow. */
  private static boolean mayGoOn(Node node) {
    return node.form() instanceof Form.RegularFile file
        && (node.gap().isPresent() || file.first().lengthBytes() != file.sizeBytes());
  }

  private boolean isInside(Entry entry) {
    return directory.isEmpty() || entry.path().isWithin(directory.get());
  }

  @Override
  public Entry entry() {
    return entries.entry();
  }
}
