package io.holdfast.common.rpc;

import io.holdfast.common.error.HoldfastException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Waiting as straight-line code. */
public final class Futures {
  private Futures() {}

  /** The result, or the cause of the failure as ours, with this thread's stack below it. */
  public static <T> T await(Future<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      HoldfastException cause = RpcErrors.asHoldfast(e.getCause());
      throw new HoldfastException(cause.code(), cause.getMessage(), cause);
    }
  }
}
