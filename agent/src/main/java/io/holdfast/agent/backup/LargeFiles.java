package io.holdfast.agent.backup;

import io.holdfast.common.chunking.BlockFingerprinter;
import io.holdfast.common.chunking.FastCdc;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Gap;
import io.holdfast.common.entry.GapReason;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.id.ChunkKind;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Reads files from the chunker's minimum on, one after another, holes left out. A file that is
 * changed in place (databases, images) is recognised by what it looks like and by its history, and
 * from then on compared block by block with the map of the run before. One thread.
 */
final class LargeFiles {
  private final ChangeTimes times;
  private final Chunkers chunkers;
  private final BlockFingerprinter fingerprinter;
  private final PrintsAhead ahead;
  private final ChunkPipeline pipeline;
  private final Buffers buffers;
  private final BundleAssembler bundles;
  private final EntryQueue queue;
  private final RunCounters counters;
  private final Gaps gaps;
  private final MissingChunks missing;
  private final Rewrites rewrites;
  private final BaseBlocks.Fetch fetch;

  LargeFiles(
      ChangeTimes times,
      Chunkers chunkers,
      BlockFingerprinter fingerprinter,
      PrintsAhead ahead,
      ChunkPipeline pipeline,
      Buffers buffers,
      BundleAssembler bundles,
      EntryQueue queue,
      RunCounters counters,
      Gaps gaps,
      MissingChunks missing,
      Rewrites rewrites,
      BaseBlocks.Fetch fetch) {
    this.times = times;
    this.chunkers = chunkers;
    this.fingerprinter = fingerprinter;
    this.ahead = ahead;
    this.pipeline = pipeline;
    this.buffers = buffers;
    this.bundles = bundles;
    this.queue = queue;
    this.counters = counters;
    this.gaps = gaps;
    this.missing = missing;
    this.rewrites = rewrites;
    this.fetch = fetch;
  }

  /**
   * Puts all segments of the file into the queue and closes it.
   *
   * @param walked the file without content, as the walk saw it
   * @param old the same path in the base, under {@code base}'s cursor
   * @param inPlace whether it is known to be changed in place
   * @return the entry, if one holds all of the file
   */
  Optional<Upcoming> read(
      Node walked, SourceFile file, Optional<Node> old, BaseCursor base, boolean inPlace)
      throws InterruptedException, SourceFailure {
    try (file) {
      SourceFile.Stamp stamp = file.stamp();
      Node node = walked.withMetadata(times.recorded(walked.metadata(), stamp));
      long sizeBytes = stamp.sizeBytes();
      Optional<BaseBlocks> blocks = blocks(old, base);
      Optional<BlockMapBuilder> map =
          blocks.isPresent() || inPlace || deservesMap(node, sizeBytes, old)
              ? Optional.of(mapBuilder(blocks, sizeBytes))
              : Optional.empty();
      SegmentBuilder segments = SegmentBuilder.ofFile(node, sizeBytes, queue, map);
      FastCdc chunker = chunkers.of(sizeBefore(old).orElse(sizeBytes));
      segments.finish(readInto(segments, node.path(), stamp, file, blocks, chunker));
      bundles.entryPassed();
      return segments.whole();
    }
  }

  /**
   * Puts segments for a part of the file into the queue whose earlier part is there already.
   *
   * @param mapped whether the file's other segments have block maps
   */
  void readRange(EntryPath path, long from, long to, SourceFile file, boolean mapped)
      throws InterruptedException, SourceFailure {
    SourceFile.Stamp stamp = file.stamp();
    Optional<BlockMapBuilder> map =
        mapped ? Optional.of(mapBuilder(Optional.empty(), stamp.sizeBytes())) : Optional.empty();
    SegmentBuilder segments = SegmentBuilder.ofRange(path, from, queue, map);
    Optional<Gap> gap;
    try {
      cut(segments, to, file, chunkers.of(stamp.sizeBytes()));
      boolean stable = stamp.equals(file.stamp()) && segments.position() == to;
      gap = stable ? Optional.empty() : Optional.of(changedWhileRead(path));
    } catch (SourceFailure e) {
      gaps.add(path, e.gap(), e.getMessage());
      gap = Optional.of(e.gap());
    }
    segments.finish(gap);
    bundles.entryPassed();
  }

  private Optional<Gap> readInto(
      SegmentBuilder segments,
      EntryPath path,
      SourceFile.Stamp before,
      SourceFile file,
      Optional<BaseBlocks> blocks,
      FastCdc chunker)
      throws InterruptedException {
    try {
      if (blocks.isPresent()) {
        compare(segments, before.sizeBytes(), file, blocks.get(), chunker);
      } else {
        cut(segments, before.sizeBytes(), file, chunker);
      }
      boolean stable = before.equals(file.stamp()) && segments.position() == before.sizeBytes();
      return stable ? Optional.empty() : Optional.of(changedWhileRead(path));
    } catch (SourceFailure e) {
      gaps.add(path, e.gap(), e.getMessage());
      return Optional.of(e.gap());
    }
  }

  private Gap changedWhileRead(EntryPath path) {
    Gap gap = Gap.of(GapReason.CHANGED_WHILE_READ);
    gaps.add(path, gap, "changed while it was read");
    return gap;
  }

  private Optional<BaseBlocks> blocks(Optional<Node> old, BaseCursor base)
      throws InterruptedException {
    return missing.isEmpty() && old.isPresent() && old.get().form() instanceof Form.RegularFile file
        ? BaseBlocks.open(old.get().path(), file.first(), base, fetch)
        : Optional.empty();
  }

  private static Optional<Long> sizeBefore(Optional<Node> old) {
    return old.flatMap(node ->
        node.form() instanceof Form.RegularFile file
            ? Optional.of(file.sizeBytes())
            : Optional.empty());
  }

  private static boolean deservesMap(Node node, long sizeBytes, Optional<Node> old) {
    boolean changedInPlace =
        old.isPresent()
            && old.get().form() instanceof Form.RegularFile file
            && Chunkers.isLarge(file.sizeBytes())
            && old.get().metadata().inode() == node.metadata().inode()
            && (file.sizeBytes() != sizeBytes || wasModified(old.get(), node));
    return Chunkers.looksPaged(sizeBytes) || changedInPlace;
  }

  /** A file may be read again though nobody wrote to it. */
  private static boolean wasModified(Node old, Node node) {
    return old.metadata().mtimeSeconds() != node.metadata().mtimeSeconds()
        || old.metadata().mtimeNanos() != node.metadata().mtimeNanos();
  }

  private BlockMapBuilder mapBuilder(Optional<BaseBlocks> blocks, long sizeBytes) {
    return new BlockMapBuilder(
        blocks.map(BaseBlocks::blockBytes).orElse(Chunkers.blockBytes(sizeBytes)),
        fingerprinter,
        pipeline,
        buffers);
  }

  // Content-defined chunks.

  private void cut(SegmentBuilder segments, long sizeBytes, SourceFile file, FastCdc chunker)
      throws InterruptedException, SourceFailure {
    while (segments.position() < sizeBytes) {
      long position = segments.position();
      long data = file.nextData(position);
      long dataStart = data < 0 ? sizeBytes : Math.min(data, sizeBytes);
      if (dataStart > position) {
        segments.addHole(dataStart - position);
        continue;
      }
      long end = Math.min(file.nextHole(position), sizeBytes);
      boolean whole =
          (segments.isMapped() && end - position < SmallFiles.SIZE_LIMIT)
              ? gatherRegion(segments, position, end, file)
              : cutRegion(segments, position, end, file, chunker);
      if (!whole) {
        return;
      }
    }
  }

  /**
   * Puts what lies between two holes into a bundle; as {@link #cutRegion}. Images have thousands of
   * such islands, and the map tells next time which of them changed.
   */
  private boolean gatherRegion(SegmentBuilder segments, long start, long end, SourceFile file)
      throws InterruptedException, SourceFailure {
    Buffers.Buffer buffer = buffers.take();
    try {
      int length = fill(file, start, end, buffer, 0);
      if (length > 0) {
        Piece piece = bundles.add(buffer.bytes(), 0, length);
        byte[] bytes = buffer.bytes();
        segments.add(
            new Upcoming.Stretch(piece.bundle(), piece.offset(), length),
            (map, from, count) -> map.data(bytes, Math.toIntExact(from), (int) count));
      }
      return start + length >= end;
    } finally {
      buffer.release();
    }
  }

  /** Cuts what lies between two holes; false if the file ended before {@code end}. */
  private boolean cutRegion(
      SegmentBuilder segments, long start, long end, SourceFile file, FastCdc chunker)
      throws InterruptedException, SourceFailure {
    Buffers.Buffer buffer = buffers.take();
    int from = 0;
    int filled = 0;
    long readTo = start;
    try {
      while (true) {
        int count = fill(file, readTo, end, buffer, filled);
        filled += count;
        readTo += count;
        boolean last = readTo >= end || filled < buffer.bytes().length;
        int length = chunker.cut(buffer.bytes(), from, filled - from, last);
        while (length != FastCdc.NEED_MORE) {
          submit(segments, buffer, from, length);
          from += length;
          length = chunker.cut(buffer.bytes(), from, filled - from, last);
        }
        if (last) {
          return readTo >= end;
        }
        Buffers.Buffer next = buffers.take();
        System.arraycopy(buffer.bytes(), from, next.bytes(), 0, filled - from);
        buffer.release();
        buffer = next;
        filled -= from;
        from = 0;
      }
    } finally {
      buffer.release();
    }
  }

  private void submit(SegmentBuilder segments, Buffers.Buffer buffer, int offset, int length)
      throws InterruptedException {
    CompletableFuture<Reference> key = pipeline.submit(ChunkKind.DATA, buffer, offset, length);
    byte[] bytes = buffer.bytes();
    segments.add(
        new Upcoming.Stretch(key, 0, length),
        (map, from, count) -> map.data(bytes, Math.toIntExact(offset + from), (int) count));
  }

  /**
   * Reads until {@code buffer} is full or {@code end} is reached; fewer bytes: the file is shorter.
   */
  private int fill(SourceFile file, long position, long end, Buffers.Buffer buffer, int at)
      throws SourceFailure {
    int wanted = (int) Math.min(buffer.bytes().length - at, end - position);
    int done = 0;
    while (done < wanted) {
      int count = file.read(position + done, buffer.bytes(), at + done, wanted - done);
      if (count < 0) {
        break;
      }
      counters.read(count);
      done += count;
      counters.within(position + done);
    }
    return done;
  }

  // Block by block against the base.

  private void compare(
      SegmentBuilder segments, long sizeBytes, SourceFile file, BaseBlocks base, FastCdc chunker)
      throws InterruptedException, SourceFailure {
    ChangedRun changed =
        new ChangedRun(chunker, pipeline, buffers, bundles, segments, base.blockBytes());
    try {
      compare(new BlockComparison(segments, base, changed, rewrites), sizeBytes, file);
    } finally {
      changed.close();
    }
  }

  /** A portion is fingerprinted while the next is read, and compared after that. */
  private void compare(BlockComparison comparison, long sizeBytes, SourceFile file)
      throws InterruptedException, SourceFailure {
    try (Portions read = new Portions(comparison)) {
      try {
        long position = 0;
        boolean shorter = false;
        while (position < sizeBytes && !shorter) {
          long data = file.nextData(position);
          long holeEnd = data < 0 ? sizeBytes : Math.min(data, sizeBytes);
          while (holeEnd - position >= comparison.blockBytes()) {
            read.compare();
            comparison.hole(position);
            position += comparison.blockBytes();
          }
          PrintsAhead.Portion next = read(comparison, position, sizeBytes, file);
          position += next.length();
          shorter = position < sizeBytes && next.length() < buffers.size();
          read.follow(next);
        }
      } catch (SourceFailure e) {
        read.compare(); // what was read up to there stays
        comparison.end();
        throw e;
      }
      read.compare();
      comparison.end();
    }
  }

  /** The portion that was read last and isn't compared yet. */
  private static final class Portions implements AutoCloseable {
    private final BlockComparison comparison;
    private PrintsAhead.Portion last;

    Portions(BlockComparison comparison) {
      this.comparison = comparison;
    }

    /** Compares the last one; {@code next} is the last now. */
    void follow(PrintsAhead.Portion next) throws InterruptedException {
      PrintsAhead.Portion before = last;
      last = next;
      compare(before);
    }

    void compare() throws InterruptedException {
      follow(null);
    }

    private void compare(PrintsAhead.Portion portion) throws InterruptedException {
      if (portion != null) {
        try (portion) {
          comparison.data(portion);
        }
      }
    }

    @Override
    public void close() {
      if (last != null) {
        last.close();
      }
    }
  }

  /** Reads on, and has fingerprinted what was read. */
  private PrintsAhead.Portion read(
      BlockComparison comparison, long position, long sizeBytes, SourceFile file)
      throws InterruptedException, SourceFailure {
    Buffers.Buffer buffer = buffers.take();
    boolean done = false;
    try {
      int length = fill(file, position, sizeBytes, buffer, 0);
      done = true;
      return ahead.begin(buffer, length, position, comparison.blockBytes());
    } finally {
      if (!done) {
        buffer.release();
      }
    }
  }
}
