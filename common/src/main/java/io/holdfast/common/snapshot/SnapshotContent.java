package io.holdfast.common.snapshot;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.page.PageSource;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one snapshot is made of: its pages, opened and proven, and its chunks, sealed as they lie in
 * the vault. A coordinator serves it to an agent, or a vault is read directly. One thread; closed
 * by who opened it.
 */
public interface SnapshotContent extends PageSource, AutoCloseable {
  /** Most chunks of one request. */
  int CHUNKS_MAX = 65_536;

  /**
   * Most leaf pages of one request: whoever serves it remembers what so many leaves refer to, and
   * not for ever.
   */
  int LEAVES_MAX = 32;

  /** Takes chunks as they come, on the thread that asked for them. */
  interface Receiver {
    /**
     * The bytes may be anything: only opening shows whether they are the chunk.
     *
     * @param sealed from position to limit of a buffer that has an array; to be read, not written
     */
    void chunk(ChunkRef chunk, ByteBuffer sealed) throws InterruptedException;

    /** The chunk can't be had. */
    void failed(ChunkRef chunk, HoldfastException cause) throws InterruptedException;
  }

  /**
   * Hands each of the wanted chunks to {@code receiver}, once, sent or failed, in whatever order
   * they are read fastest.
   *
   * @param wanted by the id of a leaf page that was read here and refers to them
   * @throws HoldfastException what ends the whole reading; what is wrong with one chunk is received
   */
  void chunks(Map<ChunkRef, List<ChunkRef>> wanted, Receiver receiver) throws InterruptedException;

  /**
   * As {@link #chunks}, for chunks that the last call handed over and whose bytes didn't open: each
   * from another place, or failed if there is none that wasn't handed over before.
   *
   * @param unopened some of what the last call of {@link #chunks} wanted
   */
  default void again(Map<ChunkRef, List<ChunkRef>> unopened, Receiver receiver)
      throws InterruptedException {
    for (List<ChunkRef> leaf : unopened.values()) {
      for (ChunkRef chunk : leaf) {
        receiver.failed(chunk, noOtherCopy(chunk));
      }
    }
  }

  /**
   * The same content for one more thread, closed by who asked. Chunks of pages that were read here
   * can be wanted there. Empty if there is only this one.
   */
  default Optional<SnapshotContent> beside() throws InterruptedException {
    return Optional.empty();
  }

  /** What is wrong with a chunk none of whose copies opens. */
  static HoldfastException noOtherCopy(ChunkRef chunk) {
    return new HoldfastException(
        ErrorCode.CHUNK_CORRUPT,
        "no copy of " + chunk + " opens; restore another snapshot of this file");
  }

  @Override
  void close();
}
