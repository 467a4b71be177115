package io.holdfast.agent.backup;

import io.holdfast.common.chunking.BundleBoundary;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.id.ChunkKind;
import java.util.concurrent.CompletableFuture;

/**
 * Lays small pieces back to back until the rule of FORMAT.md, section 3, ends the bundle. One
 * thread.
 *
 * <p>A bundle also ends after {@link #ENTRY_LIMIT} entries of the list have passed since its first
 * piece, so that the entries that wait for its key are bounded; counted in entries, not in time, so
 * that equal runs give equal bundles.
 */
final class BundleAssembler {
  static final int ENTRY_LIMIT = 8_192;

  private final ChunkPipeline pipeline;
  private final Buffers buffers;
  private final BundleBoundary boundary;

  private Buffers.Buffer buffer;
  private CompletableFuture<Reference> key;
  private int length;
  private int entriesPassed;

  BundleAssembler(ChunkPipeline pipeline, Buffers buffers, BundleBoundary boundary) {
    this.pipeline = pipeline;
    this.buffers = buffers;
    this.boundary = boundary;
  }

  /** Adds {@code count} bytes, fewer than a bundle's target, as one piece. Waits for a buffer. */
  Piece add(byte[] bytes, int offset, int count) throws InterruptedException {
    if (buffer == null) {
      buffer = buffers.take();
      key = new CompletableFuture<>();
      length = 0;
      entriesPassed = 0;
    }
    System.arraycopy(bytes, offset, buffer.bytes(), length, count);
    Piece piece = new Piece(key, length, count);
    length += count;
    if (boundary.endsAfter(bytes, offset, count)) {
      flush();
    }
    return piece;
  }

  /** An entry of the list went by, with a piece or without. */
  void entryPassed() throws InterruptedException {
    if (buffer != null && ++entriesPassed >= ENTRY_LIMIT) {
      flush();
    }
  }

  /** Ends the bundle that is open, if any. */
  void flush() throws InterruptedException {
    if (buffer == null) {
      return;
    }
    boundary.restart();
    pipeline.submit(ChunkKind.BUNDLE, buffer, 0, length, key);
    buffer.release();
    buffer = null;
  }
}
