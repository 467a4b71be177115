package io.holdfast.deploy.link;

import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** One connection, and what its failures mean. Calls block. */
final class Line implements AutoCloseable {
  /** How long what goes over the whole fleet, or the whole catalog, may take. */
  static final Duration ROUND_TIMEOUT = Duration.ofHours(1);

  /** Longer than a coordinator waits for the host. */
  static final Duration MOVE_TIMEOUT = Duration.ofMinutes(2);

  /** How long any other single answer may take unless the operator says otherwise. */
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

  /** The largest answer that is taken. */
  static final int MESSAGE_BYTES_MAX = 8 << 20;

  private static final int END_SECONDS = 5;

  private final EventLoopGroup eventLoop;
  private final ManagedChannel channel;
  private final LinkErrors errors;
  private final Optional<Duration> timeout;

  /** Of every call: cancelled by {@link #breakOff}. */
  private final Context.CancellableContext calls = Context.ROOT.withCancellation();

  Line(
      EventLoopGroup eventLoop,
      ManagedChannel channel,
      LinkErrors errors,
      Optional<Duration> timeout) {
    this.eventLoop = eventLoop;
    this.channel = channel;
    this.errors = errors;
    this.timeout = timeout;
  }

  /** A service's stub on this connection, made by {@code make}. */
  <S extends AbstractStub<S>> S stub(Function<ManagedChannel, S> make) {
    return make.apply(channel).withMaxInboundMessageSize(MESSAGE_BYTES_MAX);
  }

  <S extends AbstractStub<S>, A> A answer(S stub, Function<S, A> call) {
    return answer(stub, ANSWER_TIMEOUT, call);
  }

  /** Waits at most {@code usual}, unless the user gave a time. */
  <S extends AbstractStub<S>, A> A answer(S stub, Duration usual, Function<S, A> call) {
    Duration patience = timeout.orElse(usual);
    try {
      return inContext(() -> call.apply(within(stub, patience)));
    } catch (RuntimeException e) {
      throw errors.explain(e, patience);
    }
  }

  /**
   * Hands out the answers of {@code call}, made on an asynchronous stub, as they come.
   *
   * @param each called on this thread
   */
  <S extends AbstractStub<S>, A> void stream(
      S stub, BiConsumer<S, StreamObserver<A>> call, Consumer<A> each) {
    S patient = timeout.map(given -> within(stub, given)).orElse(stub);
    Answers<A> answers = new Answers<>();
    var _ =
        inContext(() -> {
          call.accept(patient.withExecutor(Runnable::run), answers);
          return answers;
        });
    try {
      for (Optional<A> next = next(answers); next.isPresent(); next = next(answers)) {
        each.accept(next.get());
      }
    } finally {
      answers.cancel();
    }
  }

  private <A> A inContext(Supplier<A> call) {
    Context before = calls.attach();
    try {
      return call.get();
    } finally {
      calls.detach(before);
    }
  }

  /**
   * Ends the calls that run, and those that begin later as soon as they do. By any thread, where
   * {@link #close} is only for who makes the calls: a call that begins while the event loop ends
   * may wait for it for ever.
   */
  void breakOff() {
    calls.cancel(null);
  }

  /** Apart from the consumer's work, whose failures are its own. */
  private <A> Optional<A> next(Answers<A> answers) {
    try {
      return answers.next();
    } catch (RuntimeException e) {
      throw errors.explain(e, timeout.orElse(ANSWER_TIMEOUT));
    }
  }

  private static <S extends AbstractStub<S>> S within(S stub, Duration patience) {
    return stub.withDeadlineAfter(patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Breaks off what still runs, at this end. The event loop goes last: the channel ends on it. */
  @Override
  public void close() {
    breakOff();
    channel.shutdownNow();
    try {
      var _ = channel.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    var _ = eventLoop.shutdownGracefully(0, 0, TimeUnit.SECONDS); // its thread is a daemon
  }
}
