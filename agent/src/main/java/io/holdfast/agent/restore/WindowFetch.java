package io.holdfast.agent.restore;

import io.holdfast.agent.throttle.RateLimit;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.snapshot.SnapshotContent;
import java.util.Optional;

/** Brings a window's chunks to the workers. One thread. */
final class WindowFetch {
  private final SnapshotContent content;
  private final ChunkWorkers workers;
  private final RateLimit rate;
  private final RestoreCounters counters;

  WindowFetch(
      SnapshotContent content, ChunkWorkers workers, RateLimit rate, RestoreCounters counters) {
    this.content = content;
    this.workers = workers;
    this.rate = rate;
    this.counters = counters;
  }

  /** When it returns, every chunk of {@code window} is with a worker or has failed. */
  void fetch(Window window) throws InterruptedException {
    if (!window.request().isEmpty()) {
      content.chunks(window.request(), new ToWorkers(window));
    }
    giveUp(
        window,
        new HoldfastException(
            ErrorCode.CHUNK_NOT_FOUND, "a chunk was asked for and neither sent nor refused"));
  }

  /** Fails what of {@code window} hasn't come. */
  static void giveUp(Window window, HoldfastException cause) {
    window.rest().forEach(wants -> wants.fail(cause));
    window.rest().clear();
  }

  private final class ToWorkers implements SnapshotContent.Receiver {
    private final Window window;

    ToWorkers(Window window) {
      this.window = window;
    }

    @Override
    public void chunk(ChunkRef chunk, byte[] sealed) throws InterruptedException {
      Optional<ChunkWants> wants = window.take(chunk);
      if (wants.isPresent()) {
        counters.received(sealed.length);
        submit(wants.get(), sealed);
        rate.take(sealed.length);
      }
    }

    private void submit(ChunkWants wants, byte[] sealed) throws InterruptedException {
      try {
        workers.submit(wants, sealed, window.outstanding());
      } catch (InterruptedException e) {
        wants.fail(new HoldfastException(ErrorCode.CANCELLED, "the restore was ended"));
        throw e;
      }
    }

    @Override
    public void failed(ChunkRef chunk, HoldfastException cause) {
      window.take(chunk).ifPresent(wants -> wants.fail(cause));
    }
  }
}
