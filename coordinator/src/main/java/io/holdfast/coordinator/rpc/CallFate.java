package io.holdfast.coordinator.rpc;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.holdfast.common.error.ErrorCode;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Watches one call for an end that this package didn't bring about: a message over the limit or a
 * method that isn't there is refused by gRPC below every interceptor, and would be counted nowhere.
 * Any thread.
 */
final class CallFate extends ServerStreamTracer {
  private static final Context.Key<CallFate> KEY = Context.key("holdfast-call-fate");

  private final Consumer<ErrorCode> refused;
  private final AtomicBoolean known = new AtomicBoolean();
  private final AtomicBoolean ended = new AtomicBoolean();

  private CallFate(Consumer<ErrorCode> refused) {
    this.refused = refused;
  }

  /** A watcher for each call; {@code refused} is told what gRPC refused by itself. */
  static Factory factory(Consumer<ErrorCode> refused) {
    return new Factory() {
      @Override
      public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        return new CallFate(refused);
      }
    };
  }

  /** The present call's; one that watches nothing if its server has no such watchers. */
  static CallFate get() {
    CallFate present = KEY.get();
    return present != null ? present : new CallFate(code -> {});
  }

  /** There is such a method. */
  void known() {
    known.set(true);
  }

  /** The call was ended here, and counted if it was refused. */
  void ended() {
    ended.set(true);
  }

  @Override
  public Context filterContext(Context context) {
    return context.withValue(KEY, this);
  }

  @Override
  public void streamClosed(Status status) {
    if (ended.get()) {
      return;
    }
    if (status.getCode() == Status.Code.RESOURCE_EXHAUSTED) {
      refused.accept(ErrorCode.MESSAGE_TOO_LARGE);
    } else if (status.getCode() == Status.Code.UNIMPLEMENTED && !known.get()) {
      refused.accept(ErrorCode.UNKNOWN_VERSION);
    }
  }
}
