package io.holdfast.coordinator.ingest;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.rpc.RpcErrors;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Waiting as straight-line code. */
final class Futures {
  private Futures() {}

  /** The result, or the cause of the failure as ours, with this thread's stack below it. */
  static <T> T await(CompletableFuture<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      HoldfastException cause = RpcErrors.asHoldfast(e.getCause());
      throw new HoldfastException(cause.code(), cause.getMessage(), cause);
    }
  }
}
