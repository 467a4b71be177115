package io.holdfast.common.page;

import io.holdfast.common.entry.Continuation;
import io.holdfast.common.entry.Entry;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Gap;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Segment;
import java.util.Optional;

/**
 * Entries put together to files: node after node, and for each file its segments in order, read as
 * they are asked for. Segments not asked for are passed over. Belongs to one thread.
 *
 * <pre>{@code
 * while (nodes.next()) {
 *   prepare(nodes.node());
 *   while (nodes.nextSegment()) {
 *     fill(nodes.segment());
 *   }
 * }
 * }</pre>
 */
public final class NodeCursor {
  private final EntryCursor entries;

  /** {@link #entries} has moved on to an entry that isn't given out yet. */
  private boolean ahead;

  private boolean ended;
  private Node node;
  private Segment segment;
  private Optional<Gap> gap = Optional.empty();
  private boolean firstGiven;

  /** The files of {@code entries}, which nobody else may move from here on. */
  public NodeCursor(EntryCursor entries) {
    this.entries = entries;
  }

  /** Moves to the next node; false at the end. Throws as {@link EntryCursor#next} does. */
  public boolean next() {
    while (advance()) {
      Entry entry = entries.entry();
      ahead = false;
      if (entry instanceof Node next) {
        node = next;
        gap = next.gap();
        firstGiven = false;
        return true;
      }
    }
    return false;
  }

  /** The node moved to last. */
  public Node node() {
    return node;
  }

  /** Moves to the next segment of the node; false after the last, and if it is no regular file. */
  public boolean nextSegment() {
    if (!(node.form() instanceof Form.RegularFile file)) {
      return false;
    }
    if (!firstGiven) {
      firstGiven = true;
      segment = file.first();
      return true;
    }
    if (!advance() || !(entries.entry() instanceof Continuation continuation)) {
      return false;
    }
    ahead = false;
    segment = continuation.segment();
    gap = gap.or(continuation::gap);
    return true;
  }

  /** The segment moved to last. */
  public Segment segment() {
    return segment;
  }

  /** The first gap of the node and of its segments so far. */
  public Optional<Gap> gap() {
    return gap;
  }

  private boolean advance() {
    if (!ahead && !ended) {
      ahead = entries.next();
      ended = !ahead;
    }
    return ahead;
  }
}
