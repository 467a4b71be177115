package io.holdfast.common.architecture.sample.left;

import io.holdfast.common.architecture.sample.right.Right;
import java.io.Serializable;
import java.time.Instant;
import java.util.function.Supplier;

/** Uses {@link Right} and the machine's clock, sleep and threads. */
public record Left(String name) implements Serializable {
  public Right other() {
    return new Right(name);
  }

  Supplier<Instant> clock() {
    return Instant::now;
  }

  void waitAWhile() throws InterruptedException {
    Thread.sleep(1);
  }

  Thread thread() {
    return new Thread(this::other);
  }
}
