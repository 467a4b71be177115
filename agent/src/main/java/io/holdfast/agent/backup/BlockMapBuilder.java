package io.holdfast.agent.backup;

import io.holdfast.common.chunking.BlockFingerprinter;
import io.holdfast.common.chunking.BlockMapCodec;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.id.ChunkKind;
import java.util.concurrent.CompletableFuture;

/** Fingerprints the blocks of one file as its content goes by, segment by segment. One thread. */
final class BlockMapBuilder {
  private static final byte[] ZERO_PRINT = new byte[BlockFingerprinter.LENGTH];

  private final int blockBytes;
  private final BlockFingerprinter fingerprinter;
  private final ChunkPipeline pipeline;
  private final Buffers buffers;
  private final byte[] partial;
  private int held;
  private BlockMapCodec.Builder prints;

  BlockMapBuilder(
      int blockBytes, BlockFingerprinter fingerprinter, ChunkPipeline pipeline, Buffers buffers) {
    this.blockBytes = blockBytes;
    this.fingerprinter = fingerprinter;
    this.pipeline = pipeline;
    this.buffers = buffers;
    this.partial = new byte[blockBytes];
    this.prints = new BlockMapCodec.Builder(blockBytes, 64);
  }

  int blockBytes() {
    return blockBytes;
  }

  /** The next bytes of the segment. */
  void data(byte[] bytes, int offset, int length) {
    int at = offset;
    int left = length;
    while (left > 0) {
      if (held == 0 && left >= blockBytes) {
        prints.add(fingerprinter, bytes, at, blockBytes);
        at += blockBytes;
        left -= blockBytes;
      } else {
        int count = Math.min(left, blockBytes - held);
        System.arraycopy(bytes, at, partial, held, count);
        at += count;
        left -= count;
        advance(count);
      }
    }
  }

  /** The next {@code length} bytes of the segment are zeros. */
  void zeros(long length) {
    long left = length;
    while (left > 0) {
      if (held == 0 && left >= blockBytes) {
        prints.add(ZERO_PRINT, 0);
        left -= blockBytes;
      } else {
        int count = (int) Math.min(left, blockBytes - held);
        java.util.Arrays.fill(partial, held, held + count, (byte) 0);
        left -= count;
        advance(count);
      }
    }
  }

  /** The next block's fingerprint, computed elsewhere. Only where a block begins. */
  void print(byte[] print, int offset) {
    if (held != 0) {
      throw new IllegalStateException("a fingerprint in the middle of a block");
    }
    prints.add(print, offset);
  }

  /** Ends the segment: its map is on its way, and the next segment begins. */
  CompletableFuture<Reference> take() throws InterruptedException {
    if (held > 0) {
      prints.add(fingerprinter, partial, 0, held);
      held = 0;
    }
    byte[] encoded = prints.encode();
    prints = new BlockMapCodec.Builder(blockBytes, 64);
    Buffers.Buffer buffer = buffers.take();
    System.arraycopy(encoded, 0, buffer.bytes(), 0, encoded.length);
    CompletableFuture<Reference> key =
        pipeline.submit(ChunkKind.BLOCK_MAP, buffer, 0, encoded.length);
    buffer.release();
    return key;
  }

  private void advance(int count) {
    held += count;
    if (held == blockBytes) {
      prints.add(fingerprinter, partial, 0, blockBytes);
      held = 0;
    }
  }
}
