package io.holdfast.agent.backup;

import io.holdfast.common.chunking.BlockFingerprinter;
import io.holdfast.common.chunking.FastCdc;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.id.ChunkKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Blocks in a row that a mapped file's base doesn't have where they are. A short run is one piece
 * of a bundle; a long one is cut into chunks where its content says, so that a file that was moved
 * along (bytes put in or taken out in front, a copy renamed over it) finds the chunks it had. One
 * thread; holds at most one buffer.
 */
final class ChangedRun {
  /** Runs from this length on are cut. */
  static final int CUT_FROM_BYTES = 1 << 20;

  private final FastCdc chunker;
  private final ChunkPipeline pipeline;
  private final Buffers buffers;
  private final BundleAssembler bundles;
  private final SegmentBuilder segments;

  private Buffers.Buffer buffer;
  private int from;
  private int filled;
  private boolean cutting;

  /** Fingerprints and lengths of the blocks whose place isn't known to the end yet. */
  private byte[] prints;

  private int[] lengths;
  private int blocks;
  private int headCovered;
  private List<Upcoming.Part> headParts = new ArrayList<>(2);

  ChangedRun(
      FastCdc chunker,
      ChunkPipeline pipeline,
      Buffers buffers,
      BundleAssembler bundles,
      SegmentBuilder segments,
      int blockBytes) {
    this.chunker = chunker;
    this.pipeline = pipeline;
    this.buffers = buffers;
    this.bundles = bundles;
    this.segments = segments;
    int most = buffers.size() / blockBytes + 2;
    this.prints = new byte[most * BlockFingerprinter.LENGTH];
    this.lengths = new int[most];
  }

  /** The next block of the run. */
  void add(byte[] bytes, int offset, int length, byte[] print, int printOffset)
      throws InterruptedException {
    if (buffer == null) {
      buffer = buffers.take();
    }
    System.arraycopy(
        print, printOffset, prints, blocks * BlockFingerprinter.LENGTH, BlockFingerprinter.LENGTH);
    lengths[blocks++] = length;
    int done = 0;
    while (done < length) {
      // In parts: only a full buffer is sure to be cut, and what a cut left ends anywhere.
      int count = Math.min(length - done, buffer.bytes().length - filled);
      System.arraycopy(bytes, offset + done, buffer.bytes(), filled, count);
      filled += count;
      done += count;
      if (filled == buffer.bytes().length) {
        cut(false);
        makeRoom();
      }
    }
  }

  /** The run is over: all of it is on its way, and the segment has its blocks. */
  void end() throws InterruptedException {
    if (buffer == null) {
      return;
    }
    if (cutting || filled >= CUT_FROM_BYTES) {
      cut(true);
    } else if (filled > 0) {
      Piece piece = bundles.add(buffer.bytes(), 0, filled);
      place(piece.bundle(), piece.offset(), filled);
    }
    close();
  }

  /** Abandons what is left of the run. */
  void close() {
    if (buffer != null) {
      buffer.release();
      buffer = null;
    }
    from = 0;
    filled = 0;
    cutting = false;
  }

  private void cut(boolean last) throws InterruptedException {
    cutting = true;
    int length = chunker.cut(buffer.bytes(), from, filled - from, last);
    while (length != FastCdc.NEED_MORE) {
      place(pipeline.submit(ChunkKind.DATA, buffer, from, length), 0, length);
      from += length;
      length = chunker.cut(buffer.bytes(), from, filled - from, last);
    }
  }

  private void makeRoom() throws InterruptedException {
    Buffers.Buffer next = buffers.take();
    System.arraycopy(buffer.bytes(), from, next.bytes(), 0, filled - from);
    buffer.release();
    buffer = next;
    filled -= from;
    from = 0;
  }

  /** The next {@code length} bytes of the run lie in {@code chunk} from {@code offset}. */
  private void place(CompletableFuture<Reference> chunk, int offset, int length)
      throws InterruptedException {
    int done = 0;
    int block = 0;
    while (done < length) {
      int count = Math.min(lengths[block] - headCovered, length - done);
      headParts.add(new Upcoming.Stretch(chunk, offset + done, count));
      headCovered += count;
      done += count;
      if (headCovered == lengths[block]) {
        segments.addBlock(prints, block * BlockFingerprinter.LENGTH, headParts);
        headParts = new ArrayList<>(2);
        headCovered = 0;
        block++;
      }
    }
    dropBlocks(block);
  }

  private void dropBlocks(int count) {
    int print = BlockFingerprinter.LENGTH;
    System.arraycopy(prints, count * print, prints, 0, (blocks - count) * print);
    System.arraycopy(lengths, count, lengths, 0, blocks - count);
    blocks -= count;
  }
}
