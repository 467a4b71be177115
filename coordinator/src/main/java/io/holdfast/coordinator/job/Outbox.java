package io.holdfast.coordinator.job;

import io.holdfast.proto.wire.v1.CoordinatorMessage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What waits to be written to one agent. Nobody but the writer ever waits for the network. */
final class Outbox {
  static final int MESSAGES_MAX = 256;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<CoordinatorMessage> messages = new ArrayDeque<>();
  private boolean closed;

  /** False if it is full or closed. */
  boolean offer(CoordinatorMessage message) {
    lock.lock();
    try {
      if (closed || messages.size() >= MESSAGES_MAX) {
        return false;
      }
      messages.add(message);
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The next message, once there is one; empty when closed. */
  Optional<CoordinatorMessage> take() throws InterruptedException {
    lock.lock();
    try {
      while (messages.isEmpty() && !closed) {
        changed.await();
      }
      return closed ? Optional.empty() : Optional.of(messages.remove());
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
