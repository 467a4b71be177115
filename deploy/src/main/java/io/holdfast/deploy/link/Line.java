package io.holdfast.deploy.link;

import io.grpc.ManagedChannel;
import io.grpc.stub.AbstractStub;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/** One connection, and what its failures mean. Calls block. */
final class Line implements AutoCloseable {
  private static final int END_SECONDS = 5;

  private final EventLoopGroup eventLoop;
  private final ManagedChannel channel;
  private final LinkErrors errors;
  private final Optional<Duration> timeout;

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
    return make.apply(channel).withMaxInboundMessageSize(AdminLink.MESSAGE_BYTES_MAX);
  }

  <S extends AbstractStub<S>, A> A answer(S stub, Function<S, A> call) {
    Duration patience = timeout.orElse(AdminLink.ANSWER_TIMEOUT);
    try {
      return call.apply(within(stub, patience));
    } catch (RuntimeException e) {
      throw errors.explain(e, patience);
    }
  }

  <S extends AbstractStub<S>, A> void stream(
      S stub, Function<S, Iterator<A>> call, Consumer<A> each) {
    Iterator<A> answers = call.apply(timeout.map(given -> within(stub, given)).orElse(stub));
    while (hasNext(answers)) {
      each.accept(answers.next());
    }
  }

  /** Apart from the consumer's work, whose failures are its own. */
  private boolean hasNext(Iterator<?> answers) {
    try {
      return answers.hasNext();
    } catch (RuntimeException e) {
      throw errors.explain(e, timeout.orElse(AdminLink.ANSWER_TIMEOUT));
    }
  }

  private static <S extends AbstractStub<S>> S within(S stub, Duration patience) {
    return stub.withDeadlineAfter(patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Breaks off what still runs, at this end. The event loop goes last: the channel ends on it. */
  @Override
  public void close() {
    channel.shutdownNow();
    try {
      var _ = channel.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    var _ = eventLoop.shutdownGracefully(0, 0, TimeUnit.SECONDS); // its thread is a daemon
  }
}
