package io.holdfast.coordinator.rpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.identity.FleetTrust;
import io.holdfast.common.identity.Identity;
import io.holdfast.common.identity.Principal.HostPrincipal;
import io.holdfast.common.rpc.RpcErrors;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.fleet.HostAuthority;
import io.holdfast.coordinator.fleet.OpenCalls;
import io.holdfast.coordinator.fleet.OpenCalls.CallEnd;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/**
 * The door of the fleet's port: takes each caller's identity from its TLS session, lets {@link
 * HostAuthority} judge, and keeps the streams of hosts where they can be ended. A call that comes
 * without TLS is refused whatever it is. Any thread.
 */
public final class HostInterceptor implements ServerInterceptor {
  private final HostAuthority authority;
  private final OpenCalls calls;
  private final FleetTrust trust;
  private final Time time;

  public HostInterceptor(HostAuthority authority, OpenCalls calls, FleetTrust trust, Time time) {
    this.authority = authority;
    this.calls = calls;
    this.trust = trust;
    this.time = time;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    CallFate.get().known();
    Optional<Identity> identity;
    try {
      identity = identify(call);
      authority.admit(call.getMethodDescriptor().getFullMethodName(), identity);
    } catch (RuntimeException e) {
      return refuse(call, e);
    }
    try {
      return admitted(call, headers, next, identity);
    } catch (RuntimeException e) {
      authority.refused(RpcErrors.asHoldfast(e).code());
      return refuse(call, e);
    }
  }

  private static <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, RuntimeException why) {
    StatusRuntimeException status = RpcErrors.toStatus(why);
    CallFate.get().ended();
    call.close(status.getStatus(), status.getTrailers());
    return new ServerCall.Listener<>() {};
  }

  long nanos() {
    return time.nanos();
  }

  /** gRPC refused a call before it came here, or in the middle of a message. */
  void refusedByTransport(ErrorCode code) {
    authority.refused(code);
  }

  private Optional<Identity> identify(ServerCall<?, ?> call) {
    SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    if (session == null) {
      throw new HoldfastException(
          ErrorCode.NOT_AUTHORISED, "this port speaks TLS only; check the address");
    }
    return trust.identify(session, time.now());
  }

  private <Q, A> ServerCall.Listener<Q> admitted(
      ServerCall<Q, A> call,
      Metadata headers,
      ServerCallHandler<Q, A> next,
      Optional<Identity> identity) {
    AbortableCall<Q, A> abortable = new AbortableCall<>(call, CallFate.get(), authority::refused);
    Request<Q, A> request = new Request<>(headers, next);
    if (identity.isEmpty()) {
      return abortable.listening(next.startCall(abortable, headers));
    }
    Context context = Context.current().withValue(RpcCaller.IDENTITY, identity.get());
    boolean isUnary = call.getMethodDescriptor().getType().serverSendsOneMessage();
    return identity.get().principal() instanceof HostPrincipal host && !isUnary
        ? stream(host.host(), context, abortable, request)
        : abortable.listening(Contexts.interceptCall(context, abortable, headers, next));
  }

  private record Request<Q, A>(Metadata headers, ServerCallHandler<Q, A> next) {}

  private <Q, A> ServerCall.Listener<Q> stream(
      HostId host, Context context, AbortableCall<Q, A> abortable, Request<Q, A> request) {
    CallEnd end = abortable::abort;
    calls.opened(host, end);
    try {
      ServerCall.Listener<Q> service =
          Contexts.interceptCall(
              context.withValue(RpcCaller.END, end), abortable, request.headers(), request.next());
      return abortable.listening(new Closing<>(service, () -> calls.closed(host, end)));
    } catch (RuntimeException e) {
      calls.closed(host, end);
      throw e;
    }
  }

  /** Tells when a call is over, however it ended. */
  private static final class Closing<Q> extends SimpleForwardingServerCallListener<Q> {
    private final Runnable closed;

    Closing(ServerCall.Listener<Q> service, Runnable closed) {
      super(service);
      this.closed = closed;
    }

    @Override
    public void onCancel() {
      closed.run();
      super.onCancel();
    }

    @Override
    public void onComplete() {
      closed.run();
      super.onComplete();
    }
  }
}
