package io.holdfast.agent.restore;

import io.holdfast.agent.throttle.RateLimit;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.snapshot.SnapshotContent;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;

/** Brings a window's chunks to the workers. One thread. */
final class WindowFetch {
  /** Times that one chunk is asked for again: more copies than a repository keeps. */
  private static final int COPIES_MAX = 16;

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
      content.chunks(window.request(), new ToWorkers(window, Map.of()));
    }
    HoldfastException silence =
        new HoldfastException(
            ErrorCode.CHUNK_NOT_FOUND, "a chunk was asked for and neither sent nor refused");
    window.rest().forEach(wants -> wants.fail(silence));
    window.rest().clear();
  }

  /**
   * Waits until all of {@code window}, which was fetched last, is done. A chunk that didn't open is
   * asked for again, each time from another place; that none of them opens is known in the end.
   */
  void settle(Window window) throws InterruptedException {
    window.outstanding().await();
    Map<ChunkRef, Outstanding.Unopened> unopened = window.outstanding().takeUnopened();
    for (int round = 0; !unopened.isEmpty(); round++) {
      unopened.forEach((chunk, one) -> window.giveBack(chunk, one.wants()));
      if (round < COPIES_MAX) {
        content.again(window.request(unopened.keySet()), new ToWorkers(window, unopened));
      }
      fail(window, unopened);
      window.outstanding().await();
      unopened = window.outstanding().takeUnopened();
    }
  }

  /** What didn't come again ends with why it didn't open. */
  private static void fail(Window window, Map<ChunkRef, Outstanding.Unopened> unopened) {
    unopened.forEach(
        (chunk, one) -> window.take(chunk).ifPresent(wants -> wants.fail(one.cause())));
  }

  /** Fails what of {@code window} hasn't come, or came and didn't open. */
  static void giveUp(Window window, HoldfastException cause) {
    window.rest().forEach(wants -> wants.fail(cause));
    window.rest().clear();
    window.outstanding().end().values().forEach(unopened -> unopened.wants().fail(cause));
  }

  private final class ToWorkers implements SnapshotContent.Receiver {
    private final Window window;
    private final Map<ChunkRef, Outstanding.Unopened> before;

    /** With what of the window came {@code before} and didn't open. */
    ToWorkers(Window window, Map<ChunkRef, Outstanding.Unopened> before) {
      this.window = window;
      this.before = before;
    }

    @Override
    public void chunk(ChunkRef chunk, ByteBuffer sealed) throws InterruptedException {
      Optional<ChunkWants> wants = window.take(chunk);
      if (wants.isPresent()) {
        int length = sealed.remaining();
        counters.received(length);
        submit(wants.get(), sealed);
        rate.take(length);
      }
    }

    private void submit(ChunkWants wants, ByteBuffer sealed) throws InterruptedException {
      try {
        workers.submit(wants, sealed, window.outstanding());
      } catch (InterruptedException e) {
        wants.fail(new HoldfastException(ErrorCode.CANCELLED, "the restore was ended"));
        throw e;
      }
    }

    @Override
    public void failed(ChunkRef chunk, HoldfastException cause) {
      Outstanding.Unopened first = before.get(chunk);
      window.take(chunk).ifPresent(wants -> wants.fail(first == null ? cause : first.cause()));
    }
  }
}
