package io.holdfast.common.seam;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * How much of an array is read or written at once. Java copies it through a buffer outside the heap
 * that is as large as what was asked for and stays with the thread: of megabytes, for each of the
 * threads that read packs, and past the processor's caches.
 */
final class Piece {
  static final int BYTES = 256 << 10;

  /** A read or a write of what remains of a buffer. */
  @FunctionalInterface
  interface Transfer {
    int move(ByteBuffer piece) throws IOException;
  }

  private Piece() {}

  /** Moves some bytes of {@code buffer}; answers as {@code transfer} does. */
  static int of(ByteBuffer buffer, Transfer transfer) throws IOException {
    int limit = buffer.limit();
    if (!buffer.isDirect() && buffer.remaining() > BYTES) {
      buffer.limit(buffer.position() + BYTES);
    }
    try {
      return transfer.move(buffer);
    } finally {
      buffer.limit(limit);
    }
  }
}
