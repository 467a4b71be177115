package io.holdfast.deploy.sim;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.rpc.RequestStream;
import io.holdfast.common.rpc.RpcErrors;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * One call between an agent and a coordinator, in memory: each direction holds a few messages, then
 * the sender waits. Either side may be cut off at any moment. Needs no lock: one thread runs at a
 * time, and a killed one must not stand in a queue before others.
 */
final class SimCall<Q, A> implements RequestStream<Q, A> {
  private static final int WINDOW = 4;

  private final Schedule schedule;
  private final Deque<Q> requests = new ArrayDeque<>();
  private final Deque<A> answers = new ArrayDeque<>();
  private final Deque<Thread> waiting = new ArrayDeque<>();
  private boolean cut;
  private boolean ended;
  private boolean aborted;
  private HoldfastException failure;

  SimCall(Schedule schedule) {
    this.schedule = schedule;
  }

  /** The connection breaks: both sides see it at once, and what is under way is lost. */
  void cut() {
    cut = true;
    wakeAll();
  }

  boolean isOver() {
    return cut || ended;
  }

  /** The handler returned, or failed with {@code cause}. */
  void end(Optional<HoldfastException> cause) {
    ended = true;
    failure = cause.map(e -> RpcErrors.fromDetail(RpcErrors.detail(e))).orElse(null);
    wakeAll();
  }

  /** The server ends it from whichever thread, and its handler too. */
  void abort(HoldfastException cause) {
    aborted = true;
    end(Optional.of(cause));
  }

  void sendRequest(Q request) throws InterruptedException {
    schedule.letOthersGo();
    while (requests.size() >= WINDOW && !cut && !ended) {
      park();
    }
    refuseIfOver();
    requests.add(request);
    wakeAll();
  }

  A receiveAnswer() throws InterruptedException {
    while (answers.isEmpty() && !cut && !ended) {
      park();
    }
    if (answers.isEmpty() || cut) {
      refuseIfOver();
    }
    A answer = answers.remove();
    wakeAll();
    return answer;
  }

  /**
   * As {@link #receiveAnswer()}, and UNAVAILABLE if none comes {@code within}; empty at the end.
   */
  Optional<A> receiveAnswer(Duration within) throws InterruptedException {
    Thread self = Thread.currentThread();
    waiting.add(self);
    try {
      schedule.doze(within.toNanos(), () -> !answers.isEmpty() || cut || ended);
    } finally {
      waiting.remove(self);
    }
    if (answers.isEmpty() && !cut && !ended) {
      throw new HoldfastException(ErrorCode.UNAVAILABLE, "nothing was heard for " + within);
    }
    if (answers.isEmpty() && !cut && failure == null) {
      return Optional.empty();
    }
    return Optional.of(receiveAnswer());
  }

  private void refuseIfOver() {
    if (cut) {
      throw new HoldfastException(ErrorCode.UNAVAILABLE, "the connection broke");
    }
    if (failure != null) {
      throw new HoldfastException(failure.code(), failure.getMessage(), failure);
    }
    if (ended) {
      throw new HoldfastException(ErrorCode.UNAVAILABLE, "the coordinator ended the session");
    }
  }

  @Override
  public Optional<Q> next() throws InterruptedException {
    while (requests.isEmpty() && !cut && !aborted) {
      park();
    }
    refuseIfCut();
    Q request = requests.remove();
    wakeAll();
    return Optional.of(request);
  }

  @Override
  public void send(A answer) throws InterruptedException {
    schedule.letOthersGo();
    while (answers.size() >= WINDOW && !cut && !aborted) {
      park();
    }
    refuseIfCut();
    answers.add(answer);
    wakeAll();
  }

  private void refuseIfCut() {
    if (cut || aborted) {
      throw new HoldfastException(ErrorCode.CANCELLED, "the call is over");
    }
  }

  private void park() throws InterruptedException {
    Thread self = Thread.currentThread();
    waiting.add(self);
    LockSupport.park(this);
    waiting.remove(self);
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  private void wakeAll() {
    waiting.forEach(LockSupport::unpark);
  }
}
