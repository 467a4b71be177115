package io.holdfast.agent.restore;

/** How much of one window's work isn't done. Any thread. */
final class Outstanding {
  private int count;

  synchronized void add() {
    count++;
  }

  synchronized void done() {
    count--;
    if (count == 0) {
      notifyAll();
    }
  }

  synchronized void await() throws InterruptedException {
    while (count > 0) {
      wait();
    }
  }
}
