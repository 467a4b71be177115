package io.holdfast.coordinator.rpc;

import io.grpc.Context;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.identity.Identity;
import io.holdfast.common.identity.Principal.CoordinatorPrincipal;
import io.holdfast.common.identity.Principal.HostPrincipal;
import io.holdfast.common.identity.Principal.JournalWriter;
import io.holdfast.common.identity.Principal.OperatorPrincipal;
import io.holdfast.coordinator.fleet.OpenCalls.CallEnd;
import io.holdfast.coordinator.people.Caller;
import java.util.Optional;

/**
 * Who makes the present call, as {@link HostInterceptor} found and admitted. To be asked in the
 * service method itself: other threads don't have the call's context.
 */
public final class RpcCaller {
  static final Context.Key<Identity> IDENTITY = Context.key("holdfast-identity");
  static final Context.Key<Caller> CALLER = Context.key("holdfast-caller");
  static final Context.Key<CallEnd> END = Context.key("holdfast-call-end");

  private RpcCaller() {}

  /** The verified caller; empty for one without a certificate. */
  public static Optional<Identity> identity() {
    return Optional.ofNullable(IDENTITY.get());
  }

  /** The host that calls; NOT_AUTHORISED if it isn't a host. */
  public static HostId host() {
    return identity()
        .flatMap(RpcCaller::asHost)
        .orElseThrow(() ->
            new HoldfastException(
                ErrorCode.NOT_AUTHORISED, "this call is for enrolled hosts only"));
  }

  /** The person who calls, as {@link PeopleDoor} found and admitted. */
  static Caller person() {
    return Optional.ofNullable(CALLER.get())
        .orElseThrow(() ->
            new HoldfastException(
                ErrorCode.INTERNAL, "a person's call came past the door of people"));
  }

  private static Optional<HostId> asHost(Identity identity) {
    return switch (identity.principal()) {
      case HostPrincipal principal -> Optional.of(principal.host());
      case OperatorPrincipal operator -> Optional.empty();
      case CoordinatorPrincipal coordinator -> Optional.empty();
      case JournalWriter writer -> Optional.empty();
    };
  }

  /** Ends the present call, from any thread; only streams of hosts have one. */
  static CallEnd end() {
    return Optional.ofNullable(END.get())
        .orElseThrow(() ->
            new HoldfastException(
                ErrorCode.INTERNAL, "a stream came past the interceptor of hosts"));
  }
}
