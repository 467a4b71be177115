package io.holdfast.deploy.link;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The answers of one call, which gRPC's thread takes in ahead of who reads them: gRPC's own
 * iterator asks for each when the one before was read, and two threads wait for each other twice an
 * answer. One reader.
 */
final class Answers<A> implements ClientResponseObserver<Object, A> {
  /** Answers that may wait for the reader. */
  static final int AHEAD = 64;

  /** In order; empty for the end. */
  private final BlockingQueue<Optional<A>> arrived = new LinkedBlockingQueue<>();

  private volatile ClientCallStreamObserver<Object> call;
  private volatile Optional<Throwable> failure = Optional.empty();
  private int read;

  @Override
  public void beforeStart(ClientCallStreamObserver<Object> started) {
    call = started;
    started.disableAutoRequestWithInitial(AHEAD);
  }

  @Override
  public void onNext(A answer) {
    arrived.add(Optional.of(answer));
  }

  @Override
  public void onError(Throwable why) {
    failure = Optional.of(why);
    arrived.add(Optional.empty());
  }

  @Override
  public void onCompleted() {
    arrived.add(Optional.empty());
  }

  /** The next one, empty at the end. A StatusRuntimeException says why there is none. */
  Optional<A> next() {
    Optional<A> next = take();
    if (next.isEmpty() && failure.isPresent()) {
      throw Status.fromThrowable(failure.get())
          .asRuntimeException(Status.trailersFromThrowable(failure.get()));
    }
    read++;
    if (read % (AHEAD / 2) == 0) {
      call.request(AHEAD / 2);
    }
    return next;
  }

  private Optional<A> take() {
    try {
      return arrived.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StatusRuntimeException(
          Status.CANCELLED.withDescription("interrupted").withCause(e));
    }
  }

  /** Nobody reads on. After the end it does nothing. */
  void cancel() {
    call.cancel("nobody reads on", null);
  }
}
