package io.holdfast.agent.backup;

import io.holdfast.common.entry.Reference;
import io.holdfast.common.id.ChunkRef;
import java.util.List;
import java.util.Set;

/**
 * What of the base is stored again although it didn't change, so that neither the number of extents
 * nor what a restore has to fetch grows with the generations. One thread.
 *
 * <ul>
 *   <li>R1 At most {@link #SHARE} of the base's logical bytes a run, or {@link #LEAST_BYTES}.
 *   <li>R2 A stretch of a mapped file is rewritten when its extents are shorter than {@link
 *       #EXTENT_BYTES} on average, if the file is being read anyway.
 *   <li>R3 What still uses a chunk of which an earlier run found little in use is rewritten.
 * </ul>
 */
final class Rewrites {
  /** One part in this many of the logical bytes may be rewritten a run. */
  static final int SHARE = 50;

  /** So that small trees are tidied as well: a bundle's worth. */
  static final long LEAST_BYTES = 1 << 20;

  /** Shortest average extent of a stretch that is left as it is: 65,536 extents a GiB. */
  static final int EXTENT_BYTES = 16 << 10;

  /** Fewer extents are never too many, however short a file's last stretch is. */
  private static final int LEAST_EXTENTS = 8;

  private final Set<ChunkRef> sparse;
  private long budget;
  private Reference lastAsked;
  private boolean lastAnswer;

  /**
   * @param logicalBytes of the base
   * @param sparse chunks of which little is in use
   */
  Rewrites(long logicalBytes, Set<ChunkRef> sparse) {
    this.sparse = Set.copyOf(sparse);
    this.budget = Math.max(logicalBytes / SHARE, LEAST_BYTES);
  }

  /** Whether {@code length} bytes of {@code chunk} are to be stored anew; counted if so. */
  boolean leaves(Reference chunk, long length) {
    return isSparse(chunk) && take(length);
  }

  /** R2: whether a stretch whose unchanged blocks lie in these parts is to be stored anew. */
  boolean joins(List<Upcoming.Part> kept, long stretchBytes) {
    int extents = 0;
    long bytes = 0;
    Upcoming.Part last = null;
    for (Upcoming.Part part : kept) {
      boolean apart = last == null || last.joined(part).isEmpty();
      extents += part instanceof Upcoming.Old && apart ? 1 : 0;
      bytes += part instanceof Upcoming.Old ? part.lengthBytes() : 0;
      last = part;
    }
    return extents > Math.max(stretchBytes / EXTENT_BYTES, LEAST_EXTENTS) && take(bytes);
  }

  private boolean isSparse(Reference chunk) {
    if (sparse.isEmpty()) {
      return false;
    }
    // Neighbours share their bundle, and a page one object for it.
    if (!chunk.equals(lastAsked)) {
      lastAsked = chunk;
      lastAnswer = sparse.contains(BackupRun.id(chunk));
    }
    return lastAnswer;
  }

  private boolean take(long bytes) {
    if (bytes > budget) {
      return false;
    }
    budget -= bytes;
    return true;
  }
}
