package io.holdfast.agent.backup;

import io.holdfast.common.chunking.BlockFingerprinter;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds one mapped file against its base, block by block, in order: what is the same keeps its
 * extents, everything else is stored. One thread, one file.
 */
final class BlockComparison {
  /** What is judged together: whether its extents have become too many. */
  private static final int STRETCH_BYTES = 1 << 20;

  private final SegmentBuilder segments;
  private final BaseBlocks base;
  private final ChangedRun changed;
  private final Rewrites rewrites;
  private final int blockBytes;
  private final byte[] zeroPrint = new byte[BlockFingerprinter.LENGTH];

  BlockComparison(SegmentBuilder segments, BaseBlocks base, ChangedRun changed, Rewrites rewrites) {
    this.segments = segments;
    this.base = base;
    this.changed = changed;
    this.rewrites = rewrites;
    this.blockBytes = base.blockBytes();
  }

  int blockBytes() {
    return blockBytes;
  }

  /** The next block is a hole. */
  void hole(long position) throws InterruptedException {
    changed.end();
    boolean same = base.matches(position, blockBytes, zeroPrint, 0);
    segments.addBlock(
        zeroPrint,
        0,
        same ? base.parts(position, blockBytes) : List.of(new Upcoming.Hole(blockBytes)));
  }

  /** The next bytes of the file; whole blocks unless the file ends with them. */
  void data(PrintsAhead.Portion portion) throws InterruptedException {
    for (int at = 0; at < portion.length(); at += STRETCH_BYTES) {
      stretch(portion, at, Math.min(STRETCH_BYTES, portion.length() - at));
    }
  }

  /** The file ends, or nothing more of it can be read. */
  void end() throws InterruptedException {
    changed.end();
  }

  private void stretch(PrintsAhead.Portion portion, int from, int length)
      throws InterruptedException {
    byte[] prints = portion.prints();
    List<List<Upcoming.Part>> kept = kept(prints, from, length, portion.position() + from);
    List<Upcoming.Part> all = new ArrayList<>();
    kept.forEach(all::addAll);
    boolean tidy = rewrites.joins(all, length);
    for (int at = 0; at < length; at += blockBytes) {
      int count = Math.min(blockBytes, length - at);
      int print = print(from + at);
      List<Upcoming.Part> block = kept.get(at / blockBytes);
      boolean hole = BlockFingerprinter.isZero(prints, print, BlockFingerprinter.LENGTH);
      if (hole || !(tidy || block.isEmpty() || isLeft(block))) {
        changed.end();
        segments.addBlock(prints, print, block);
      } else {
        changed.add(portion.bytes(), from + at, count, prints, print);
      }
    }
  }

  /** Where each block lies in the base, empty if it doesn't; blocks of zeros are holes. */
  private List<List<Upcoming.Part>> kept(byte[] prints, int from, int length, long position)
      throws InterruptedException {
    List<List<Upcoming.Part>> kept = new ArrayList<>();
    for (int at = 0; at < length; at += blockBytes) {
      int count = Math.min(blockBytes, length - at);
      int print = print(from + at);
      if (base.matches(position + at, count, prints, print)) {
        kept.add(base.parts(position + at, count));
      } else if (BlockFingerprinter.isZero(prints, print, BlockFingerprinter.LENGTH)) {
        kept.add(List.of(new Upcoming.Hole(count)));
      } else {
        kept.add(List.of());
      }
    }
    return kept;
  }

  private int print(int at) {
    return at / blockBytes * BlockFingerprinter.LENGTH;
  }

  private boolean isLeft(List<Upcoming.Part> block) {
    boolean left = false;
    for (Upcoming.Part part : block) {
      left |= part instanceof Upcoming.Old old && rewrites.leaves(old.chunk(), old.lengthBytes());
    }
    return left;
  }
}
