package io.holdfast.agent.backup;

import io.holdfast.common.entry.Continuation;
import io.holdfast.common.entry.Entry;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.error.ErrorKind;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.page.TreeCursor;
import java.util.Optional;

/**
 * The base snapshot's entries, read along with the walk. A page that can't be read is left out with
 * what is below it: what it held counts as changed and is read from the host, which also heals it.
 * One thread.
 */
final class BaseCursor {
  private final Optional<TreeCursor> entries;
  private Entry current;
  private boolean ended;
  private int lostPages;

  /**
   * @param entries at its beginning, or empty if there is no base
   */
  BaseCursor(Optional<TreeCursor> entries) {
    this.entries = entries;
    this.ended = entries.isEmpty();
    advance();
  }

  /** The node at {@code path}, if the base has it; what comes before is passed over. */
  Optional<Node> at(EntryPath path) {
    while (!ended && current.path().compareTo(path) < 0) {
      advance();
    }
    return !ended && current instanceof Node node && node.path().equals(path)
        ? Optional.of(node)
        : Optional.empty();
  }

  /** After {@link #at}: the next further segment of that file, if there is one. */
  Optional<Continuation> nextSegment(EntryPath path) {
    if (ended || !current.path().equals(path)) {
      return Optional.empty();
    }
    advance();
    return !ended && current instanceof Continuation segment && segment.path().equals(path)
        ? Optional.of(segment)
        : Optional.empty();
  }

  /** The leaf page that holds the entry last given out by {@link #at} or {@link #nextSegment}. */
  Reference leaf() {
    return entries.orElseThrow().leafPage();
  }

  /** How many pages could not be read so far. */
  int lostPages() {
    return lostPages;
  }

  private void advance() {
    if (ended) {
      return;
    }
    while (!moved()) {
      entries.orElseThrow().leaveOutPage();
      lostPages++;
    }
  }

  private boolean moved() {
    try {
      ended = !entries.orElseThrow().next();
      current = ended ? null : entries.orElseThrow().entry();
      return true;
    } catch (HoldfastException e) {
      if (e.kind() != ErrorKind.CORRUPT && e.kind() != ErrorKind.NOT_FOUND) {
        throw e;
      }
      return false;
    }
  }
}
