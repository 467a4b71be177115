package io.holdfast.agent.backup;

import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Extents;
import io.holdfast.common.entry.Gap;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.entry.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Gathers the parts of one large file into segments that keep to the limits of a page, and passes
 * each on as soon as the next one begins. Segments of a block-mapped file end between blocks. One
 * thread.
 */
final class SegmentBuilder {
  /**
   * Parts after which a block-mapped segment ends at the next block; a block adds a few at most.
   */
  private static final int MAPPED_PART_LIMIT = Extents.MAX_COUNT - 128;

  /** Makes the entry of a segment. */
  private interface Shape {
    Upcoming entry(long segmentStart, Upcoming.Content content);
  }

  private final Shape shape;
  private final EntryQueue queue;
  private final Optional<BlockMapBuilder> map;

  private List<Upcoming.Part> parts = new ArrayList<>();
  private long segmentStart;
  private long length;
  private Upcoming last;
  private int segments;
  private boolean gaps;

  /** How the bytes of a part reach the block map: {@code length} of them from {@code from}. */
  interface Feed {
    void give(BlockMapBuilder map, long from, long length);
  }

  private SegmentBuilder(
      Shape shape, long start, EntryQueue queue, Optional<BlockMapBuilder> map) {
    this.shape = shape;
    this.segmentStart = start;
    this.queue = queue;
    this.map = map;
  }

  /**
   * Starts at the file's first byte.
   *
   * @param node the file without content
   * @param sizeBytes its size as the entry will say
   */
  static SegmentBuilder ofFile(
      Node node, long sizeBytes, EntryQueue queue, Optional<BlockMapBuilder> map) {
    Shape shape =
        (start, content) ->
            start == 0
                ? new Upcoming.FileStart(node, sizeBytes, content, Optional.empty())
                : new Upcoming.FilePart(node.path(), start, content);
    return new SegmentBuilder(shape, 0, queue, map);
  }

  /** Starts inside a file whose beginning has its entries already. */
  static SegmentBuilder ofRange(
      EntryPath path, long start, EntryQueue queue, Optional<BlockMapBuilder> map) {
    return new SegmentBuilder(
        (from, content) -> new Upcoming.FilePart(path, from, content), start, queue, map);
  }

  /** The byte of the file that the next part begins with. */
  long position() {
    return segmentStart + length;
  }

  /** Adds the next stretch, split where a segment has to end. */
  void add(Upcoming.Part part, Feed feed) throws InterruptedException {
    long done = 0;
    while (done < part.lengthBytes()) {
      long room = room(part.lengthBytes() - done);
      if (room == 0) {
        endSegment(Optional.empty());
        continue;
      }
      long from = done;
      map.ifPresent(blocks -> feed.give(blocks, from, room));
      append(part.slice(done, room));
      done += room;
    }
  }

  boolean isMapped() {
    return map.isPresent();
  }

  void addHole(long count) throws InterruptedException {
    add(new Upcoming.Hole(count), (blocks, from, room) -> blocks.zeros(room));
  }

  /** Adds one block of a mapped file whose fingerprint is known already. */
  void addBlock(byte[] prints, int printOffset, List<Upcoming.Part> block)
      throws InterruptedException {
    if (length >= Segment.MAX_BLOCK_MAPPED_BYTES || parts.size() >= MAPPED_PART_LIMIT) {
      endSegment(Optional.empty());
    }
    map.orElseThrow().print(prints, printOffset);
    block.forEach(this::append);
  }

  /** The file ends here; with a gap, not all of it is there. */
  void finish(Optional<Gap> gap) throws InterruptedException {
    if (length > 0 || segmentStart == 0 || gap.isPresent()) {
      endSegment(gap);
    }
  }

  /** After {@link #finish}: the file's entry, if it is one segment without a gap. */
  Optional<Upcoming> whole() {
    return segments == 1 && !gaps ? Optional.of(last) : Optional.empty();
  }

  /** How much of a stretch of {@code wanted} bytes still fits this segment. */
  private long room(long wanted) {
    if (map.isEmpty()) {
      return parts.size() < Extents.MAX_COUNT ? wanted : 0;
    }
    long room = Segment.MAX_BLOCK_MAPPED_BYTES - length;
    if (parts.size() >= MAPPED_PART_LIMIT) {
      int block = map.get().blockBytes();
      room = Math.min(room, (block - length % block) % block);
    }
    return Math.min(room, wanted);
  }

  private void append(Upcoming.Part part) {
    int last = parts.size() - 1;
    Optional<Upcoming.Part> joined = last < 0 ? Optional.empty() : parts.get(last).joined(part);
    if (joined.isPresent()) {
      parts.set(last, joined.get());
    } else {
      parts.add(part);
    }
    length += part.lengthBytes();
  }

  private void endSegment(Optional<Gap> gap) throws InterruptedException {
    Optional<CompletableFuture<Reference>> blocks =
        map.isPresent() && length > 0 ? Optional.of(map.get().take()) : Optional.empty();
    Upcoming.Content content = new Upcoming.Content(parts, blocks, gap);
    last = shape.entry(segmentStart, content);
    segments++;
    gaps |= gap.isPresent();
    queue.add(last);
    parts = new ArrayList<>();
    segmentStart += length;
    length = 0;
  }
}
