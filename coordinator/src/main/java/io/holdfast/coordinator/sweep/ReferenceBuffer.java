package io.holdfast.coordinator.sweep;

import io.holdfast.common.id.ChunkRef;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * References that are looked up together, in the order of the index: the more of them, the more
 * share a block of the store. Takes 43 MB. One thread.
 */
final class ReferenceBuffer {
  static final int CAPACITY = 1 << 20;

  private static final int INDEX_BITS = 20;
  private static final int KIND_SHIFT = 60;

  private final byte[] stored = new byte[CAPACITY * ChunkRef.LENGTH];

  /** Of each: kind (4 bits), the beginning of its id (40 bits), its place here (20 bits). */
  private final long[] order = new long[CAPACITY];

  private int size;

  int size() {
    return size;
  }

  boolean isFull() {
    return size == CAPACITY;
  }

  void add(ChunkRef reference) {
    int at = size * ChunkRef.LENGTH;
    stored[at] = (byte) reference.kind().number();
    reference.id().value().write(stored, at + 1);
    long beginning = ByteBuffer.wrap(stored, at + 1, Long.BYTES).getLong() >>> (64 - 40);
    order[size] =
        ((long) reference.kind().number() << KIND_SHIFT) | (beginning << INDEX_BITS) | size;
    size++;
  }

  /** Puts them in order: by kind and the beginning of the id, which is as good as all of it. */
  void sort() {
    Arrays.sort(order, 0, size);
  }

  /** The stored form of the one that is in place {@code which} of the order. */
  byte[] stored(int which) {
    int at = (int) (order[which] & (CAPACITY - 1)) * ChunkRef.LENGTH;
    return Arrays.copyOfRange(stored, at, at + ChunkRef.LENGTH);
  }

  void clear() {
    size = 0;
  }
}
