package io.holdfast.coordinator.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.rpc.RpcErrors;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Answers calls of one request and many answers on an executor that may block. */
final class ManyCalls {
  /** A call that hands out many answers, waiting for a slow reader. */
  @FunctionalInterface
  interface Many<A> {
    void into(Consumer<A> out) throws Exception;
  }

  private final Executor executor;

  ManyCalls(Executor executor) {
    this.executor = executor;
  }

  <A> void answer(StreamObserver<A> answers, Many<A> work) {
    ServerCallStreamObserver<A> call = (ServerCallStreamObserver<A>) answers;
    AnswerStream<A> out = new AnswerStream<>(call);
    executor.execute(() -> {
      try {
        work.into(out::send);
        out.complete();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        out.fail(
            RpcErrors.toStatus(
                new HoldfastException(
                    ErrorCode.UNAVAILABLE, "the coordinator is stopping; try again")));
      } catch (Exception e) {
        out.fail(RpcErrors.toStatus(e));
      }
    });
  }
}
