package io.holdfast.deploy.sim;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.rpc.RequestStream;
import io.holdfast.common.rpc.RpcErrors;
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
    while (requests.isEmpty() && !cut) {
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
    while (answers.size() >= WINDOW && !cut) {
      park();
    }
    refuseIfCut();
    answers.add(answer);
    wakeAll();
  }

  private void refuseIfCut() {
    if (cut) {
      throw new HoldfastException(ErrorCode.CANCELLED, "the caller went away");
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
