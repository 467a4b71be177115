package io.holdfast.coordinator.rpc;

import io.grpc.stub.StreamObserver;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.rpc.RpcErrors;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;

/** Answers calls of one request and one answer on an executor that may block. */
final class UnaryCalls {
  private final Executor executor;

  UnaryCalls(Executor executor) {
    this.executor = executor;
  }

  <A> void answer(StreamObserver<A> answers, Callable<A> work) {
    executor.execute(() -> run(answers, work));
  }

  private static <A> void run(StreamObserver<A> answers, Callable<A> work) {
    A answer;
    try {
      answer = work.call();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      answers.onError(
          RpcErrors.toStatus(
              new HoldfastException(
                  ErrorCode.UNAVAILABLE, "the coordinator is stopping; try again")));
      return;
    } catch (Exception e) {
      answers.onError(RpcErrors.toStatus(e));
      return;
    }
    answers.onNext(answer);
    answers.onCompleted();
  }
}
