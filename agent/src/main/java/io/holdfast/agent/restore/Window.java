package io.holdfast.agent.restore;

import io.holdfast.common.entry.Extents;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.entry.Segment;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.common.sealing.ChunkOpener;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A stretch of the walk: what its files need, gathered before anything is fetched, so that each
 * chunk is asked for and opened once. Bounded by the run's limits, and at most one segment beyond.
 * One thread.
 */
final class Window {
  private final RestoreLimits limits;
  private final int share;
  private final ChunkOpener ids;
  private final Outstanding outstanding = new Outstanding();
  private final Map<ChunkRef, ChunkWants> wants = new HashMap<>();
  private final Map<ChunkRef, List<ChunkRef>> request = new LinkedHashMap<>();
  private int extents;
  private int entries;
  private int openFiles;
  private FileRestore lastFile;
  private ChunkRef lastFileChunk;
  private boolean lastFileCounted;

  /**
   * An empty window.
   *
   * @param ids computes ids; used by the owner's thread alone
   */
  Window(RestoreLimits limits, ChunkOpener ids) {
    this(limits, ids, 1);
  }

  /** As the other, full at one {@code share}th of the limits. */
  Window(RestoreLimits limits, ChunkOpener ids, int share) {
    this.limits = limits;
    this.share = share;
    this.ids = ids;
  }

  void entry() {
    entries++;
  }

  /** Everything that {@code segment} of {@code file} needs; holes need nothing. */
  void add(FileRestore file, Segment segment, Reference leafPage) {
    Extents parts = segment.extents();
    Optional<ChunkRef> leaf = Optional.empty();
    long position = segment.offsetBytes();
    for (int i = 0; i < parts.count(); i++) {
      long length = parts.lengthBytes(i);
      if (!parts.isHole(i)) {
        ChunkRef from = leaf.orElseGet(() -> id(leafPage));
        leaf = Optional.of(from);
        add(file, position, parts.chunk(i), parts.offset(i), Math.toIntExact(length), from);
      }
      position += length;
    }
  }

  private void add(
      FileRestore file, long position, Reference chunk, int offset, int length, ChunkRef leaf) {
    ChunkKey key = new ChunkKey(chunk.kind(), chunk.key());
    ChunkRef ref = ids.ref(key);
    ChunkWants wanted = wants.get(ref);
    if (wanted == null) {
      wanted = new ChunkWants(key);
      wants.put(ref, wanted);
      request.computeIfAbsent(leaf, page -> new ArrayList<>()).add(ref);
    }
    wanted.add(file, position, offset, length);
    extents++;
    countIfOpen(file, ref);
  }

  /** A file of one chunk is opened, written and finished in one go; others stay open meanwhile. */
  private void countIfOpen(FileRestore file, ChunkRef chunk) {
    if (file != lastFile) {
      lastFile = file;
      lastFileChunk = chunk;
      lastFileCounted = false;
    } else if (!lastFileCounted && !chunk.equals(lastFileChunk)) {
      lastFileCounted = true;
      openFiles++;
    }
  }

  private ChunkRef id(Reference reference) {
    return ids.ref(new ChunkKey(reference.kind(), reference.key()));
  }

  boolean isFull() {
    return extents >= part(limits.windowExtents())
        || request.size() >= part(limits.windowLeaves())
        || entries >= part(limits.windowEntries())
        || openFiles >= part(limits.openFiles());
  }

  private int part(int limit) {
    return Math.max(1, limit / share);
  }

  /** Chunks to ask for, by leaf page. */
  Map<ChunkRef, List<ChunkRef>> request() {
    return request;
  }

  /** As {@link #request}, for {@code chunks} of it. */
  Map<ChunkRef, List<ChunkRef>> request(Set<ChunkRef> chunks) {
    Map<ChunkRef, List<ChunkRef>> some = new LinkedHashMap<>();
    request.forEach((leaf, all) -> {
      List<ChunkRef> here = all.stream().filter(chunks::contains).toList();
      if (!here.isEmpty()) {
        some.put(leaf, here);
      }
    });
    return some;
  }

  /** What was taken is wanted again. */
  void giveBack(ChunkRef chunk, ChunkWants wanted) {
    wants.put(chunk, wanted);
  }

  /** What is wanted of a chunk; answered once, empty if nothing is. */
  Optional<ChunkWants> take(ChunkRef chunk) {
    return Optional.ofNullable(wants.remove(chunk));
  }

  /** What was never taken. */
  Collection<ChunkWants> rest() {
    return wants.values();
  }

  Outstanding outstanding() {
    return outstanding;
  }
}
