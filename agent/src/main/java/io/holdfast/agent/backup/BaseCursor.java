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
 * The base snapshot's entries, read along with the walk. A page that can't be read ends the base:
 * from there on everything counts as changed and is read from the host, which also heals it. One
 * thread.
 */
final class BaseCursor {
  private final Optional<TreeCursor> entries;
  private Entry current;
  private boolean ended;
  private HoldfastException fault;

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

  /** Why the base ended before its time, if it did. */
  Optional<HoldfastException> fault() {
    return Optional.ofNullable(fault);
  }

  private void advance() {
    if (ended) {
      return;
    }
    try {
      ended = !entries.orElseThrow().next();
      current = ended ? null : entries.orElseThrow().entry();
    } catch (HoldfastException e) {
      if (e.kind() != ErrorKind.CORRUPT && e.kind() != ErrorKind.NOT_FOUND) {
        throw e;
      }
      fault = e;
      ended = true;
    }
  }
}
