package io.holdfast.agent.backup;

import io.holdfast.common.chunking.BlockFingerprinter;
import io.holdfast.common.rpc.Futures;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;

/**
 * Fingerprints what was read of a mapped file on threads of its own, while its owner reads on: of a
 * file of which little changed, that is most of the work. Each thread does its share of every
 * portion. One owner; closing ends the threads.
 */
final class PrintsAhead implements AutoCloseable {
  /** One thread, and the state of the one MAC it works with. */
  private record Lane(BlockFingerprinter fingerprinter, ExecutorService thread) {}

  private final List<Lane> lanes;

  /** One thread for each of the {@code fingerprinters}, which are its own from now on. */
  PrintsAhead(List<BlockFingerprinter> fingerprinters, ThreadFactory threads) {
    this.lanes =
        fingerprinters.stream()
            .map(each -> new Lane(each, Executors.newSingleThreadExecutor(threads)))
            .toList();
  }

  /** Bytes of a file in a buffer, which is held until {@link #close}. */
  static final class Portion implements AutoCloseable {
    private final Buffers.Buffer buffer;
    private final int length;
    private final long position;
    private final byte[] prints;
    private final List<Future<?>> shares = new ArrayList<>();

    private Portion(Buffers.Buffer buffer, int length, long position, int blocks) {
      this.buffer = buffer;
      this.length = length;
      this.position = position;
      this.prints = new byte[blocks * BlockFingerprinter.LENGTH];
    }

    byte[] bytes() {
      return buffer.bytes();
    }

    int length() {
      return length;
    }

    /** Where in the file the bytes begin. */
    long position() {
      return position;
    }

    /** The fingerprints of its blocks, one after another. Waits for them. */
    byte[] prints() throws InterruptedException {
      for (Future<?> share : shares) {
        var _ = Futures.await(share);
      }
      return prints;
    }

    @Override
    public void close() {
      buffer.release();
    }
  }

  /**
   * Takes over one hold of {@code buffer}, whose first {@code length} bytes are the file's from
   * {@code position} on, and begins with their fingerprints.
   */
  Portion begin(Buffers.Buffer buffer, int length, long position, int blockBytes) {
    int blocks = Math.ceilDiv(length, blockBytes);
    int share = Math.ceilDiv(blocks, lanes.size()) * blockBytes;
    Portion portion = new Portion(buffer, length, position, blocks);
    int start = 0;
    for (Lane lane : lanes) {
      int end = Math.min(length, start + share);
      if (start < end) {
        portion.shares.add(begin(lane, portion, start, end, blockBytes));
      }
      start = end;
    }
    return portion;
  }

  private static Future<?> begin(Lane lane, Portion portion, int start, int end, int blockBytes) {
    portion.buffer.retain(); // until it has been read there, even if the owner gives up before
    return lane.thread()
        .submit(() -> {
          try {
            print(lane.fingerprinter(), portion.bytes(), start, end, blockBytes, portion.prints);
          } finally {
            portion.buffer.release();
          }
        });
  }

  private static void print(
      BlockFingerprinter by, byte[] bytes, int start, int end, int blockBytes, byte[] prints) {
    for (int at = start; at < end; at += blockBytes) {
      int count = Math.min(blockBytes, end - at);
      by.fingerprint(bytes, at, count, prints, at / blockBytes * BlockFingerprinter.LENGTH);
    }
  }

  @Override
  public void close() {
    lanes.forEach(lane -> lane.thread().shutdown()); // what runs ends soon: it waits for nothing
  }
}
