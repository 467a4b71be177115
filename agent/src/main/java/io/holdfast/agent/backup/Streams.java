package io.holdfast.agent.backup;

import io.holdfast.common.chunking.FastCdc;
import io.holdfast.common.entry.Node;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.id.ChunkKind;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Stores content that comes as a stream, cut where its content says so. One thread. */
final class Streams {
  private final FastCdc chunker;
  private final ChunkPipeline pipeline;
  private final Buffers buffers;
  private final BundleAssembler bundles;
  private final EntryQueue queue;
  private final RunCounters counters;
  private final Supplier<Spill> spills;

  Streams(
      FastCdc chunker,
      ChunkPipeline pipeline,
      Buffers buffers,
      BundleAssembler bundles,
      EntryQueue queue,
      RunCounters counters,
      Supplier<Spill> spills) {
    this.chunker = chunker;
    this.pipeline = pipeline;
    this.buffers = buffers;
    this.bundles = bundles;
    this.queue = queue;
    this.counters = counters;
    this.spills = spills;
  }

  /**
   * Puts all of the stream's entries into the queue and closes it.
   *
   * @param node the file without content
   * @return how many bytes came
   */
  long store(Node node, SourceStream stream) throws InterruptedException {
    try (stream;
        ExtentLog log = new ExtentLog(spills)) {
      cut(stream, log);
      log.finish(node, queue);
      bundles.entryPassed();
      return log.sizeBytes();
    }
  }

  private void cut(SourceStream stream, ExtentLog log) throws InterruptedException {
    Buffers.Buffer buffer = buffers.take();
    int from = 0;
    int filled = 0;
    try {
      while (true) {
        filled += fill(stream, buffer, filled, log.sizeBytes() - from);
        boolean last = filled < buffer.bytes().length;
        if (last && log.sizeBytes() == 0 && filled < SmallFiles.SIZE_LIMIT) {
          bundle(buffer, filled, log);
          return;
        }
        int length = chunker.cut(buffer.bytes(), from, filled - from, last);
        while (length != FastCdc.NEED_MORE) {
          submit(buffer, from, length, log);
          from += length;
          length = chunker.cut(buffer.bytes(), from, filled - from, last);
        }
        if (last) {
          return;
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

  /**
   * Reads until {@code buffer} is full; fewer bytes: that was all.
   *
   * @param start where in the stream the buffer begins
   */
  private int fill(SourceStream stream, Buffers.Buffer buffer, int at, long start)
      throws InterruptedException {
    byte[] bytes = buffer.bytes();
    int done = 0;
    while (at + done < bytes.length) {
      int count = stream.read(bytes, at + done, bytes.length - at - done);
      if (count < 0) {
        break;
      }
      counters.read(count);
      done += count;
      counters.within(start + at + done);
    }
    return done;
  }

  private void submit(Buffers.Buffer buffer, int offset, int length, ExtentLog log)
      throws InterruptedException {
    CompletableFuture<Reference> key = pipeline.submit(ChunkKind.DATA, buffer, offset, length);
    log.add(new Upcoming.Stretch(key, 0, length));
  }

  /** A stream as short as a small file is stored as one. */
  private void bundle(Buffers.Buffer buffer, int length, ExtentLog log)
      throws InterruptedException {
    if (length > 0) {
      Piece piece = bundles.add(buffer.bytes(), 0, length);
      log.add(new Upcoming.Stretch(piece.bundle(), piece.offset(), length));
    }
  }
}
