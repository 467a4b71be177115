package io.holdfast.coordinator.rpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.rpc.RpcErrors;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.fleet.CallPolicy;
import io.holdfast.coordinator.fleet.FleetMeter;
import io.holdfast.coordinator.people.AccessTokens;
import io.holdfast.coordinator.people.Actor;
import io.holdfast.coordinator.people.Caller;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The door of the ports that people call at: finds who calls, and lets him make the calls that the
 * table gives to his role. A certificate says nothing here. A stream is looked at again while it is
 * sent, since it may outlast what let it in. Any thread.
 */
public final class PeopleDoor implements ServerInterceptor {
  /** The token goes behind it. */
  private static final String SCHEME = "Bearer ";

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  /** How long a stream may go on by a token that is good no longer. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  private final Function<Metadata, Caller> who;
  private final Consumer<Caller> stillGood;
  private final Consumer<ErrorCode> refused;
  private final Time time;

  private PeopleDoor(
      Function<Metadata, Caller> who,
      Consumer<Caller> stillGood,
      Consumer<ErrorCode> refused,
      Time time) {
    this.who = who;
    this.stillGood = stillGood;
    this.refused = refused;
    this.time = time;
  }

  /** Lets in by a token in each call's header; {@code meter} is told of the refused. */
  public static PeopleDoor byToken(AccessTokens tokens, FleetMeter meter, Time time) {
    return new PeopleDoor(
        headers -> tokens.identify(token(headers)),
        caller -> caller.token().ifPresent(token -> requireSame(caller, tokens.identify(token))),
        meter::refused,
        time);
  }

  /** Lets in everybody who reached the socket: its permissions were the authentication. */
  public static PeopleDoor atSocket(Time time) {
    return new PeopleDoor(headers -> Caller.LOCAL, caller -> {}, code -> {}, time);
  }

  private static String token(Metadata headers) {
    String value = headers.get(AUTHORIZATION);
    if (value == null || !value.startsWith(SCHEME)) {
      throw new HoldfastException(
          ErrorCode.ACCESS_TOKEN_INVALID,
          "people call here, each by an access token, and none was shown; pass --token-file FILE");
    }
    return value.substring(SCHEME.length());
  }

  private static void requireSame(Caller before, Caller now) {
    if (!before.actor().equals(now.actor())) {
      throw new HoldfastException(
          ErrorCode.NOT_AUTHORISED,
          "the role of " + now.actor() + " was changed while this call went on; call again");
    }
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    CallFate.get().known();
    Caller caller;
    try {
      caller = who.apply(headers);
      requireAllowed(call.getMethodDescriptor().getFullMethodName(), caller.actor());
    } catch (RuntimeException e) {
      return refuse(call, e);
    }
    AbortableCall<Q, A> abortable = new AbortableCall<>(call, CallFate.get(), code -> {});
    boolean isUnary = call.getMethodDescriptor().getType().serverSendsOneMessage();
    ServerCall<Q, A> served = isUnary ? abortable : new Watched<>(abortable, caller);
    Context context = Context.current().withValue(RpcCaller.CALLER, caller);
    return abortable.listening(Contexts.interceptCall(context, served, headers, next));
  }

  private static void requireAllowed(String method, Actor actor) {
    if (!CallPolicy.allowed(method).contains(actor.role())) {
      throw new HoldfastException(
          ErrorCode.NOT_AUTHORISED,
          actor
              + " may not call "
              + method
              + " as "
              + PeopleViews.word(actor.role())
              + "; ask somebody with another role");
    }
  }

  private <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, RuntimeException why) {
    refused.accept(RpcErrors.asHoldfast(why).code());
    StatusRuntimeException status = RpcErrors.toStatus(why);
    CallFate.get().ended();
    call.close(status.getStatus(), status.getTrailers());
    return new ServerCall.Listener<>() {};
  }

  long nanos() {
    return time.nanos();
  }

  /** gRPC refused a call before it came here, or in the middle of a message. */
  public void refusedByTransport(ErrorCode code) {
    refused.accept(code);
  }

  /** Sends as long as the caller may have it; then its sender is told, and ends it. */
  private final class Watched<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private final Caller caller;
    private long lookedNanos = time.nanos();

    Watched(ServerCall<Q, A> call, Caller caller) {
      super(call);
      this.caller = caller;
    }

    @Override
    public void sendMessage(A message) {
      if (time.nanos() - lookedNanos >= LOOK_AGAIN.toNanos()) {
        stillGood.accept(caller);
        lookedNanos = time.nanos();
      }
      super.sendMessage(message);
    }
  }
}
