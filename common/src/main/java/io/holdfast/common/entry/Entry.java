package io.holdfast.common.entry;

import java.util.Optional;

/**
 * One item of a snapshot's list: a path with all that is known of it, or the next segment of a file
 * whose content didn't fit the entries before.
 */
public sealed interface Entry permits Node, Continuation {
  EntryPath path();

  EntryType type();

  /** What couldn't be read, if anything. */
  Optional<Gap> gap();

  /** Where in its file this entry's segment begins, in bytes; 0 for a {@link Node}. */
  long segmentOffset();
}
