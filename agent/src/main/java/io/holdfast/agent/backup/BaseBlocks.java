package io.holdfast.agent.backup;

import io.holdfast.common.chunking.BlockMap;
import io.holdfast.common.chunking.BlockMapCodec;
import io.holdfast.common.entry.Continuation;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Extents;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.entry.Segment;
import io.holdfast.common.error.ErrorKind;
import io.holdfast.common.error.HoldfastException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The base's content of one block-mapped file, read forward: fingerprints to compare with, and the
 * extents of blocks that are unchanged. Holds one segment. One thread.
 */
final class BaseBlocks {
  /** Fetches a chunk that the page under the base cursor refers to. */
  interface Fetch {
    byte[] plaintext(Reference chunk) throws InterruptedException;
  }

  private final EntryPath path;
  private final BaseCursor base;
  private final Fetch fetch;
  private final int blockBytes;

  private Segment segment;
  private Optional<BlockMap> map;
  private int extent;
  private long extentStart;
  private boolean ended;

  private BaseBlocks(
      EntryPath path, BaseCursor base, Fetch fetch, Segment first, BlockMap firstMap) {
    this.path = path;
    this.base = base;
    this.fetch = fetch;
    this.blockBytes = firstMap.blockBytes();
    this.segment = first;
    this.map = Optional.of(firstMap);
  }

  /**
   * The content of the file under {@code base}, if its first segment has a map that can be read.
   */
  static Optional<BaseBlocks> open(EntryPath path, Segment first, BaseCursor base, Fetch fetch)
      throws InterruptedException {
    Optional<BlockMap> map = load(first, fetch);
    return map.isPresent()
        ? Optional.of(new BaseBlocks(path, base, fetch, first, map.get()))
        : Optional.empty();
  }

  int blockBytes() {
    return blockBytes;
  }

  /** Whether the block of {@code length} bytes at {@code position} had this fingerprint. */
  boolean matches(long position, int length, byte[] prints, int printOffset)
      throws InterruptedException {
    moveTo(position);
    if (ended || map.isEmpty() || position < segment.offsetBytes()) {
      return false;
    }
    long inSegment = position - segment.offsetBytes();
    long available = Math.min(blockBytes, segment.lengthBytes() - inSegment);
    int index = Math.toIntExact(inSegment / blockBytes);
    return inSegment % blockBytes == 0
        && available == length
        && index < map.get().blocks()
        && map.get().matches(index, prints, printOffset);
  }

  /** After {@link #matches} was true there: where the base has these bytes. */
  List<Upcoming.Part> parts(long position, int length) {
    List<Upcoming.Part> parts = new ArrayList<>(1);
    Extents extents = segment.extents();
    long at = position - segment.offsetBytes();
    long end = at + length;
    while (at < end) {
      while (extentStart + extents.lengthBytes(extent) <= at) {
        extentStart += extents.lengthBytes(extent);
        extent++;
      }
      long inExtent = at - extentStart;
      long count = Math.min(end - at, extents.lengthBytes(extent) - inExtent);
      parts.add(
          extents.isHole(extent)
              ? new Upcoming.Hole(count)
              : new Upcoming.Old(
                  extents.chunk(extent),
                  Math.toIntExact(extents.offset(extent) + inExtent),
                  count));
      at += count;
    }
    return parts;
  }

  private void moveTo(long position) throws InterruptedException {
    while (!ended && position >= segment.endBytes()) {
      Optional<Continuation> next = base.nextSegment(path);
      if (next.isEmpty()) {
        ended = true;
      } else {
        segment = next.get().segment();
        map = load(segment, fetch).filter(found -> found.blockBytes() == blockBytes);
        extent = 0;
        extentStart = 0;
      }
    }
  }

  /** A map that can't be read means that the base has nothing for that range. */
  private static Optional<BlockMap> load(Segment segment, Fetch fetch) throws InterruptedException {
    if (segment.blockMap().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(BlockMapCodec.parse(fetch.plaintext(segment.blockMap().get())));
    } catch (HoldfastException e) {
      if (e.kind() == ErrorKind.CORRUPT || e.kind() == ErrorKind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
