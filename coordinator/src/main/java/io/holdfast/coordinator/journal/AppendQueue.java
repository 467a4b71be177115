package io.holdfast.coordinator.journal;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.proto.stored.v1.Mutation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Appends on their way to a record, in order. Bounded by number and by bytes: whoever comes when it
 * is full waits, which is the back-pressure of the whole commit path. Safe for use by many threads.
 */
final class AppendQueue {
  /** One caller's mutations; they go into one record, in order, together. */
  record Waiting(
      List<Mutation> mutations, boolean alone, long bytes, CompletableFuture<Appended> future) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
  private final int appendsMax;
  private final long bytesMax;
  private long bytesQueued;
  private Optional<HoldfastException> closed = Optional.empty();

  AppendQueue(int appendsMax, long bytesMax) {
    this.appendsMax = appendsMax;
    this.bytesMax = bytesMax;
  }

  /**
   * Waits for room, then queues. An empty queue takes any append.
   *
   * @throws HoldfastException MESSAGE_TOO_LARGE if no record could hold it, CANCELLED if
   *     interrupted, or what the queue was closed with
   */
  CompletableFuture<Appended> put(List<Mutation> mutations, boolean alone) {
    Waiting waiting =
        new Waiting(
            List.copyOf(mutations), alone, checkedBytes(mutations), new CompletableFuture<>());
    lock.lock();
    try {
      while (closed.isEmpty() && isFull(waiting.bytes())) {
        room.await();
      }
      if (closed.isPresent()) {
        throw closed.get();
      }
      queue.add(waiting);
      bytesQueued += waiting.bytes();
      return waiting.future();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException(
          ErrorCode.CANCELLED, "the wait for room in the journal's queue was interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  private boolean isFull(long bytes) {
    return !queue.isEmpty() && (queue.size() >= appendsMax || bytesQueued + bytes > bytesMax);
  }

  /** What goes into the next record; empty if nothing waits. */
  List<Waiting> takeBatch() {
    lock.lock();
    try {
      List<Waiting> batch = new ArrayList<>();
      long bytes = 0;
      int mutations = 0;
      while (!queue.isEmpty() && fits(batch, queue.peek(), bytes, mutations)) {
        Waiting next = queue.remove();
        bytesQueued -= next.bytes();
        bytes += next.bytes();
        mutations += next.mutations().size();
        batch.add(next);
      }
      room.signalAll();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private static boolean fits(List<Waiting> batch, Waiting next, long bytes, int mutations) {
    if (batch.isEmpty()) {
      return true;
    }
    return !next.alone()
        && !batch.getFirst().alone()
        && bytes + next.bytes() <= JournalLimits.BATCH_BYTES
        && mutations + next.mutations().size() <= JournalLimits.APPEND_MUTATIONS_MAX;
  }

  boolean isEmpty() {
    lock.lock();
    try {
      return queue.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Refuses all later appends with {@code cause}; gives those that waited. */
  List<Waiting> close(HoldfastException cause) {
    lock.lock();
    try {
      closed = Optional.of(cause);
      List<Waiting> left = List.copyOf(queue);
      queue.clear();
      bytesQueued = 0;
      room.signalAll();
      return left;
    } finally {
      lock.unlock();
    }
  }

  private static long checkedBytes(List<Mutation> mutations) {
    if (mutations.isEmpty() || mutations.size() > JournalLimits.APPEND_MUTATIONS_MAX) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "an append of "
              + mutations.size()
              + " mutations: from 1 to "
              + JournalLimits.APPEND_MUTATIONS_MAX
              + " go into one record");
    }
    // Five bytes and a tag around each mutation, so that the sum bounds the record's size.
    long bytes = mutations.stream().mapToLong(one -> one.getSerializedSize() + 6L).sum();
    if (bytes > JournalLimits.APPEND_BYTES_MAX) {
      throw new HoldfastException(
          ErrorCode.MESSAGE_TOO_LARGE,
          "an append of " + bytes + " bytes doesn't fit into one journal record; split the change");
    }
    return bytes;
  }
}
