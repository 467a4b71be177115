package io.holdfast.agent.restore;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.snapshot.SnapshotContent;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;

/**
 * Brings windows to the workers, in order: by a {@link FetchLane} while the caller gathers the
 * next, if there is more than one and the content can be read by two; else in the caller's thread.
 * One thread.
 */
final class Fetching implements AutoCloseable {
  private final SnapshotContent content;
  private final Function<SnapshotContent, WindowFetch> fetches;
  private final ThreadFactory threads;
  private final WindowFetch here;
  private Optional<SnapshotContent> beside = Optional.empty();
  private Optional<FetchLane> lane = Optional.empty();
  private Optional<Window> unsettled = Optional.empty();
  private boolean begun;

  Fetching(
      SnapshotContent content,
      Function<SnapshotContent, WindowFetch> fetches,
      ThreadFactory threads) {
    this.content = content;
    this.fetches = fetches;
    this.threads = threads;
    this.here = fetches.apply(content);
  }

  /** In the caller's thread, for what has windows of its own once all others are done. */
  WindowFetch here() {
    return here;
  }

  /** Takes {@code window} over; more come. */
  void take(Window window) throws InterruptedException {
    if (!begun) {
      begun = true;
      beside = content.beside();
      lane = beside.map(other -> FetchLane.start(fetches.apply(other), threads));
    }
    put(window);
  }

  /** Takes {@code last} over; when this returns, all is done. */
  void finish(Window last) throws InterruptedException {
    put(last);
    if (lane.isPresent()) {
      lane.get().finish();
    } else {
      settle();
    }
  }

  private void put(Window window) throws InterruptedException {
    boolean taken = false;
    try {
      if (lane.isPresent()) {
        lane.get().put(window);
      } else {
        settle();
        unsettled = Optional.of(window);
        here.fetch(window);
      }
      taken = true;
    } finally {
      if (!taken) {
        WindowFetch.giveUp(window, ended());
      }
    }
  }

  private void settle() throws InterruptedException {
    if (unsettled.isPresent()) {
      here.settle(unsettled.get());
      unsettled = Optional.empty();
    }
  }

  static HoldfastException ended() {
    return new HoldfastException(ErrorCode.CANCELLED, "the restore was ended before this was done");
  }

  /** Gives up what isn't done; twice is fine. */
  @Override
  public void close() {
    lane.ifPresent(FetchLane::close);
    lane = Optional.empty();
    beside.ifPresent(SnapshotContent::close);
    beside = Optional.empty();
    unsettled.ifPresent(window -> WindowFetch.giveUp(window, ended()));
    unsettled = Optional.empty();
  }
}
