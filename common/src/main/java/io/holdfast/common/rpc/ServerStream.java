package io.holdfast.common.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One bidirectional call as straight-line code: a handler on its own virtual thread takes requests
 * with {@link #next} and answers with {@link #send}, each waiting as long as it must. At most
 * {@link #READ_AHEAD} requests are held, so a slow handler slows the sender; {@link #send} waits
 * for the transport, so a slow reader slows the handler.
 */
public final class ServerStream<Q, A> implements RequestStream<Q, A> {
  /** Requests held beyond the one in work. */
  static final int READ_AHEAD = 2;

  /** What a service does with one call; its return completes the call, its exception fails it. */
  @FunctionalInterface
  public interface Handler<Q, A> {
    void handle(ServerStream<Q, A> stream) throws Exception;
  }

  private final ServerCallStreamObserver<A> out;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Q> inbox = new ArrayDeque<>();
  private boolean halfClosed;
  private boolean cancelled;

  private ServerStream(ServerCallStreamObserver<A> out) {
    this.out = out;
  }

  /**
   * Starts {@code handler} on {@code executor} (one virtual thread a task) for one call. To be
   * called from the service method; its result is to be returned from there.
   */
  public static <Q, A> StreamObserver<Q> serve(
      Executor executor, StreamObserver<A> answers, Handler<Q, A> handler) {
    return serve(executor, new ServerStream<>((ServerCallStreamObserver<A>) answers), handler);
  }

  /**
   * As the other, for answers of many bytes: {@link #send} waits only while {@code queuedBytes} are
   * with the transport, so that the handler makes the next answer while it sends this one.
   */
  public static <Q, A> StreamObserver<Q> serve(
      Executor executor, StreamObserver<A> answers, int queuedBytes, Handler<Q, A> handler) {
    ServerStream<Q, A> stream = new ServerStream<>((ServerCallStreamObserver<A>) answers);
    stream.out.setOnReadyThreshold(queuedBytes);
    return serve(executor, stream, handler);
  }

  private static <Q, A> StreamObserver<Q> serve(
      Executor executor, ServerStream<Q, A> stream, Handler<Q, A> handler) {
    stream.out.disableAutoRequest();
    stream.out.setOnReadyHandler(stream::signal);
    stream.out.setOnCancelHandler(stream::cancel);
    stream.out.request(READ_AHEAD);
    executor.execute(() -> stream.run(handler));
    return stream.new Inbound();
  }

  @Override
  public Optional<Q> next() throws InterruptedException {
    lock.lock();
    try {
      while (inbox.isEmpty() && !halfClosed && !cancelled) {
        changed.await();
      }
      refuseIfCancelled();
      if (inbox.isEmpty()) {
        return Optional.empty();
      }
      Q request = inbox.remove();
      out.request(1);
      return Optional.of(request);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void send(A answer) throws InterruptedException {
    lock.lock();
    try {
      while (!out.isReady() && !cancelled) {
        changed.await();
      }
      refuseIfCancelled();
      out.onNext(answer);
    } finally {
      lock.unlock();
    }
  }

  /** Whether the caller is gone. */
  public boolean isCancelled() {
    return out.isCancelled();
  }

  private void refuseIfCancelled() {
    if (cancelled) {
      throw new HoldfastException(ErrorCode.CANCELLED, "the caller went away");
    }
  }

  private void run(Handler<Q, A> handler) {
    try {
      handler.handle(this);
      finish(null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      finish(
          new HoldfastException(ErrorCode.UNAVAILABLE, "the coordinator is stopping; try again"));
    } catch (Exception e) {
      finish(e);
    }
  }

  private void finish(Exception failure) {
    lock.lock();
    try {
      if (cancelled) {
        return;
      }
      if (failure == null) {
        out.onCompleted();
      } else {
        out.onError(RpcErrors.toStatus(failure));
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
      inbox.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private final class Inbound implements StreamObserver<Q> {
    @Override
    public void onNext(Q request) {
      lock.lock();
      try {
        inbox.add(request);
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void onError(Throwable failure) {
      cancel();
    }

    @Override
    public void onCompleted() {
      lock.lock();
      try {
        halfClosed = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
