package io.holdfast.coordinator.rpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.rpc.RpcErrors;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A call that any thread can end with a reason, while its service goes on using it: gRPC's own
 * calls belong to one thread, so each use takes a lock, and what comes after the end goes nowhere.
 *
 * <p>The service learns of the end as if its caller had gone away.
 */
final class AbortableCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
  private final CallFate fate;
  private final Consumer<ErrorCode> refused;
  private final ReentrantLock lock = new ReentrantLock();
  private final ReentrantLock eventLock = new ReentrantLock();
  private boolean closed;
  private volatile boolean aborted;
  private volatile Runnable cancel = () -> {};

  /** {@code refused} is told of the error that the call ends with, if it ends with one of ours. */
  AbortableCall(ServerCall<Q, A> call, CallFate fate, Consumer<ErrorCode> refused) {
    super(call);
    this.fate = fate;
    this.refused = refused;
  }

  /** Wraps the service's listener; to be called once, before the first event. */
  ServerCall.Listener<Q> listening(ServerCall.Listener<Q> service) {
    Events events = new Events(service);
    cancel = events::onCancel;
    if (aborted) {
      events.onCancel(); // ended while the service was just beginning
    }
    return events;
  }

  /** Ends the call with the status and trailer of {@code why}. */
  void abort(HoldfastException why) {
    StatusRuntimeException status = RpcErrors.toStatus(why);
    aborted = true;
    close(status.getStatus(), status.getTrailers());
    // Not under the lock: the service may be in the middle of a use of this call.
    cancel.run();
  }

  private static HoldfastException unreadable(StatusRuntimeException why) {
    boolean isTooLarge = why.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED;
    return new HoldfastException(
        isTooLarge ? ErrorCode.MESSAGE_TOO_LARGE : ErrorCode.MALFORMED,
        "a message can't be read (" + why.getStatus().getDescription() + "); update the agent",
        why);
  }

  @Override
  public void close(Status status, Metadata trailers) {
    locked(() -> {
      closed = true;
      fate.ended();
      RpcErrors.codeIn(trailers).ifPresent(refused);
      super.close(status, trailers);
    });
  }

  @Override
  public void sendMessage(A message) {
    locked(() -> super.sendMessage(message));
  }

  @Override
  public void sendHeaders(Metadata headers) {
    locked(() -> super.sendHeaders(headers));
  }

  @Override
  public void request(int messages) {
    locked(() -> super.request(messages));
  }

  private void locked(Runnable use) {
    lock.lock();
    try {
      if (!closed) {
        use.run();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Events one at a time, whichever thread they come from. */
  private final class Events extends SimpleForwardingServerCallListener<Q> {
    private boolean ended;

    Events(ServerCall.Listener<Q> service) {
      super(service);
    }

    @Override
    public void onMessage(Q message) {
      try {
        serially(() -> super.onMessage(message));
      } catch (StatusRuntimeException e) {
        // It was parsed on this way: gRPC itself would end the call with an error of no type.
        abort(unreadable(e));
      }
    }

    @Override
    public void onHalfClose() {
      serially(super::onHalfClose);
    }

    @Override
    public void onReady() {
      serially(super::onReady);
    }

    @Override
    public void onCancel() {
      serially(() -> {
        ended = true;
        super.onCancel();
      });
    }

    @Override
    public void onComplete() {
      serially(() -> {
        ended = true;
        // gRPC may tell of an aborted call's end before abort does, as of one that went well.
        if (aborted) {
          super.onCancel();
        } else {
          super.onComplete();
        }
      });
    }

    private void serially(Runnable event) {
      eventLock.lock();
      try {
        if (!ended) {
          event.run();
        }
      } finally {
        eventLock.unlock();
      }
    }
  }
}
