package io.holdfast.agent.backup;

import io.holdfast.common.error.HoldfastException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The bytes in flight of one backup: a fixed number of equal arrays, made when first needed and
 * handed round. A reader that finds none waits, which is how a slow network or disk slows the
 * reading.
 *
 * <p>Safe for many threads. A {@link Buffer} is counted: it returns when its last holder lets go.
 */
final class Buffers {
  /** One array with a count of holders; made with one holder. */
  final class Buffer {
    private final byte[] bytes;
    private final AtomicInteger holders = new AtomicInteger();

    private Buffer(byte[] bytes) {
      this.bytes = bytes;
    }

    byte[] bytes() {
      return bytes;
    }

    void retain() {
      holders.incrementAndGet();
    }

    void release() {
      int left = holders.decrementAndGet();
      if (left == 0) {
        giveBack(this);
      } else if (left < 0) {
        throw new IllegalStateException("buffer released more often than held");
      }
    }
  }

  private final int size;
  private final int limit;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition returned = lock.newCondition();
  private final Deque<Buffer> free = new ArrayDeque<>();
  private int made;
  private Optional<HoldfastException> closed = Optional.empty();

  /** At most {@code limit} arrays of {@code size} bytes each. */
  Buffers(int size, int limit) {
    this.size = size;
    this.limit = limit;
  }

  int size() {
    return size;
  }

  /** Waits for a free array; the caller is its one holder. Once closed: throws why. */
  Buffer take() throws InterruptedException {
    lock.lock();
    try {
      while (free.isEmpty() && made == limit && closed.isEmpty()) {
        returned.await();
      }
      if (closed.isPresent()) {
        HoldfastException why = closed.get();
        throw new HoldfastException(why.code(), why.getMessage(), why);
      }
      Buffer buffer = free.isEmpty() ? make() : free.pop();
      buffer.holders.set(1);
      return buffer;
    } finally {
      lock.unlock();
    }
  }

  /** Wakes and refuses everyone who waits, for ever and with the first {@code why}. */
  void close(HoldfastException why) {
    lock.lock();
    try {
      closed = closed.or(() -> Optional.of(why));
      returned.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private Buffer make() {
    made++;
    return new Buffer(new byte[size]);
  }

  private void giveBack(Buffer buffer) {
    lock.lock();
    try {
      free.push(buffer);
      returned.signal();
    } finally {
      lock.unlock();
    }
  }
}
