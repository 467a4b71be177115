package io.holdfast.agent.restore;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** How much of one window's work isn't done. Any thread. */
final class Outstanding {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition none = lock.newCondition();
  private int count;

  void add() {
    lock.lock();
    try {
      count++;
    } finally {
      lock.unlock();
    }
  }

  void done() {
    lock.lock();
    try {
      count--;
      if (count == 0) {
        none.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  void await() throws InterruptedException {
    lock.lock();
    try {
      while (count > 0) {
        none.await();
      }
    } finally {
      lock.unlock();
    }
  }
}
