package io.holdfast.deploy.hostile;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.rpc.RpcErrors;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** One bidirectional call by hand: sends whatever it is given, whenever. One thread. */
final class RawCall<Q, A> implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private sealed interface Event<A> {
    record Answer<A>(A answer) implements Event<A> {}

    record Failure<A>(Throwable cause) implements Event<A> {}

    record End<A>() implements Event<A> {}
  }

  private final BlockingQueue<Event<A>> events = new LinkedBlockingQueue<>();
  private ClientCallStreamObserver<Q> requests;

  private RawCall() {}

  static <Q, A> RawCall<Q, A> open(Function<StreamObserver<A>, StreamObserver<Q>> method) {
    RawCall<Q, A> call = new RawCall<>();
    var _ = method.apply(call.new Inbound());
    return call;
  }

  void send(Q request) {
    requests.onNext(request);
  }

  void halfClose() {
    requests.onCompleted();
  }

  boolean isReady() {
    return requests.isReady();
  }

  /** The next answer; fails the test if there is an error or an end instead. */
  A answer() throws InterruptedException {
    return switch (next()) {
      case Event.Answer<A>(A answer) -> answer;
      case Event.Failure<A>(Throwable cause) -> throw new AssertionError("refused", cause);
      case Event.End<A>() -> throw new AssertionError("ended without an answer");
    };
  }

  /** How the coordinator refuses; answers before that are passed over. */
  HoldfastException refusal() throws InterruptedException {
    while (true) {
      switch (next()) {
        case Event.Answer<A>(A answer) -> {
          // what it said before it noticed
        }
        case Event.Failure<A>(Throwable cause) -> {
          return RpcErrors.fromStatus(cause, "coordinator");
        }
        case Event.End<A>() -> throw new AssertionError("ended as if nothing were wrong");
      }
    }
  }

  /** Empty if it was answered. */
  Optional<HoldfastException> refusalUnlessAnswered() throws InterruptedException {
    return switch (next()) {
      case Event.Answer<A>(A answer) -> Optional.empty();
      case Event.Failure<A>(Throwable cause) ->
          Optional.of(RpcErrors.fromStatus(cause, "coordinator"));
      case Event.End<A>() -> throw new AssertionError("ended without an answer");
    };
  }

  private Event<A> next() throws InterruptedException {
    Event<A> event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (event == null) {
      throw new AssertionError("no answer within " + PATIENCE_SECONDS + " s");
    }
    return event;
  }

  @Override
  public void close() {
    requests.cancel("the test is over", null);
  }

  private final class Inbound implements ClientResponseObserver<Q, A> {
    @Override
    public void beforeStart(ClientCallStreamObserver<Q> stream) {
      requests = stream;
    }

    @Override
    public void onNext(A answer) {
      events.add(new Event.Answer<>(answer));
    }

    @Override
    public void onError(Throwable cause) {
      events.add(new Event.Failure<>(cause));
    }

    @Override
    public void onCompleted() {
      events.add(new Event.End<>());
    }
  }
}
