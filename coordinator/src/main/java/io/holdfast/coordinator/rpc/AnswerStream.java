package io.holdfast.coordinator.rpc;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Many answers to one request, each sent once the transport takes it. Made in the service method
 * itself, used by one other thread.
 */
final class AnswerStream<A> {
  private final ServerCallStreamObserver<A> call;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean cancelled;

  AnswerStream(ServerCallStreamObserver<A> call) {
    this.call = call;
    call.setOnReadyHandler(this::signal);
    call.setOnCancelHandler(this::cancel);
  }

  /** CANCELLED when the reader is gone or this thread is interrupted. */
  void send(A answer) {
    lock.lock();
    try {
      while (!call.isReady() && !cancelled) {
        changed.await();
      }
      if (cancelled) {
        throw new HoldfastException(ErrorCode.CANCELLED, "the caller went away");
      }
      call.onNext(answer);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException(ErrorCode.CANCELLED, "the coordinator is stopping", e);
    } finally {
      lock.unlock();
    }
  }

  void complete() {
    lock.lock();
    try {
      if (!cancelled) {
        call.onCompleted();
      }
    } finally {
      lock.unlock();
    }
  }

  void fail(StatusRuntimeException failure) {
    lock.lock();
    try {
      if (!cancelled) {
        call.onError(failure);
      }
    } finally {
      lock.unlock();
    }
  }

  private void signal() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void cancel() {
    lock.lock();
    try {
      cancelled = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
