package io.holdfast.coordinator.notify;

import io.holdfast.common.error.HoldfastException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What waits for one channel, in order, and when the first of it is tried next. Guarded by its
 * owner, but for {@link #channel}.
 */
final class Delivery {
  /** Beyond that the oldest are given up. */
  static final int WAITING_MAX = 256;

  static final Duration FIRST_WAIT = Duration.ofSeconds(5);
  static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  private final Channel channel;
  private final Deque<Notice> waiting = new ArrayDeque<>();
  private Duration wait = FIRST_WAIT;
  private Optional<Long> notBeforeNanos = Optional.empty();
  private Optional<Instant> failingSince = Optional.empty();
  private String failure = "";

  Delivery(Channel channel, Collection<Notice> waiting) {
    this.channel = channel;
    this.waiting.addAll(waiting);
  }

  Channel channel() {
    return channel;
  }

  List<Notice> waiting() {
    return List.copyOf(waiting);
  }

  /** Takes {@code notice} in; answers how many were given up for it. */
  int add(Notice notice) {
    int givenUp = 0;
    while (waiting.size() >= WAITING_MAX) {
      Notice oldest = waiting.removeFirst();
      Notice next = waiting.removeFirst();
      waiting.addFirst(next.after(oldest.dropped() + 1));
      givenUp++;
    }
    waiting.addLast(notice);
    return givenUp;
  }

  /** What is to be sent now. */
  Optional<Notice> due(long nowNanos) {
    boolean waits = notBeforeNanos.filter(nanos -> nanos - nowNanos > 0).isPresent();
    return waits ? Optional.empty() : Optional.ofNullable(waiting.peekFirst());
  }

  /** The other side took {@code notice}; it may have been given up meanwhile. */
  void delivered(Notice notice) {
    waiting.removeIf(each -> each.id().equals(notice.id()));
    wait = FIRST_WAIT;
    notBeforeNanos = Optional.empty();
    failingSince = Optional.empty();
    failure = "";
  }

  void failed(HoldfastException why, long nowNanos, Instant now) {
    failure = why.getMessage();
    failingSince = failingSince.or(() -> Optional.of(now));
    notBeforeNanos = Optional.of(nowNanos + wait.toNanos());
    Duration doubled = wait.multipliedBy(2);
    wait = doubled.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : doubled;
  }

  Optional<Instant> failingSince() {
    return failingSince;
  }

  String failure() {
    return failure;
  }
}
