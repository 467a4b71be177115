package io.holdfast.agent.backup;

import io.holdfast.common.chunking.BlockFingerprinter;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.rpc.RpcErrors;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;

/**
 * Fingerprints what was read of a mapped file on a thread of its own, while its owner reads on: of
 * a file of which little changed, that is half of the work. One owner; closing ends the thread.
 */
final class PrintsAhead implements AutoCloseable {
  private final BlockFingerprinter fingerprinter;
  private final ExecutorService thread;

  PrintsAhead(BlockFingerprinter fingerprinter, ThreadFactory threads) {
    this.fingerprinter = fingerprinter;
    this.thread = Executors.newSingleThreadExecutor(threads);
  }

  /** Bytes of a file in a buffer, which is held until {@link #close}. */
  static final class Portion implements AutoCloseable {
    private final Buffers.Buffer buffer;
    private final int length;
    private final long position;
    private final Future<byte[]> prints;

    private Portion(Buffers.Buffer buffer, int length, long position, Future<byte[]> prints) {
      this.buffer = buffer;
      this.length = length;
      this.position = position;
      this.prints = prints;
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
      try {
        return prints.get();
      } catch (ExecutionException e) {
        HoldfastException cause = RpcErrors.asHoldfast(e.getCause());
        throw new HoldfastException(cause.code(), cause.getMessage(), cause);
      }
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
    buffer.retain(); // until it has been read here, even if the owner gives up before
    Future<byte[]> prints =
        thread.submit(() -> {
          try {
            return prints(buffer.bytes(), length, blockBytes);
          } finally {
            buffer.release();
          }
        });
    return new Portion(buffer, length, position, prints);
  }

  private byte[] prints(byte[] bytes, int length, int blockBytes) {
    int blocks = Math.ceilDiv(length, blockBytes);
    byte[] prints = new byte[blocks * BlockFingerprinter.LENGTH];
    for (int block = 0; block < blocks; block++) {
      int at = block * blockBytes;
      int count = Math.min(blockBytes, length - at);
      fingerprinter.fingerprint(bytes, at, count, prints, block * BlockFingerprinter.LENGTH);
    }
    return prints;
  }

  @Override
  public void close() {
    thread.shutdown(); // what runs ends by itself: it waits for nothing
  }
}
