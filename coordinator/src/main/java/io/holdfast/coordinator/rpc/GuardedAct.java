package io.holdfast.coordinator.rpc;

import com.google.protobuf.ByteString;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.coordinator.people.Act;
import io.holdfast.proto.stored.v1.ActKind;
import java.util.Optional;
import java.util.function.Function;

/** An act that is one of the services' calls. */
final class GuardedAct<Q> implements Act {
  /** What the call does, for who asked for it; tells what came of it. */
  @FunctionalInterface
  interface Deed<Q> {
    String carryOut(Q request, String asker) throws InterruptedException;
  }

  private final ActKind kind;
  private final MethodDescriptor<Q, ?> call;
  private final Function<Q, String> effect;
  private final Optional<Deed<Q>> deed;

  private GuardedAct(
      ActKind kind,
      MethodDescriptor<Q, ?> call,
      Function<Q, String> effect,
      Optional<Deed<Q>> deed) {
    this.kind = kind;
    this.call = call;
    this.effect = effect;
    this.deed = deed;
  }

  /** One that is carried out once it was given. */
  static <Q> GuardedAct<Q> of(
      ActKind kind, MethodDescriptor<Q, ?> call, Function<Q, String> effect, Deed<Q> deed) {
    return new GuardedAct<>(kind, call, effect, Optional.of(deed));
  }

  /** One whose answer only its asker is to see. */
  static <Q> GuardedAct<Q> collected(
      ActKind kind, MethodDescriptor<Q, ?> call, Function<Q, String> effect) {
    return new GuardedAct<>(kind, call, effect, Optional.empty());
  }

  @Override
  public ActKind kind() {
    return kind;
  }

  @Override
  public String method() {
    return call.getFullMethodName();
  }

  @Override
  public boolean isCollected() {
    return deed.isEmpty();
  }

  @Override
  public String effect(ByteString request) {
    return effect.apply(parse(request));
  }

  @Override
  public String carryOut(ByteString request, String asker) throws InterruptedException {
    return deed.orElseThrow(() -> new IllegalStateException(method() + " is collected"))
        .carryOut(parse(request), asker);
  }

  private Q parse(ByteString request) {
    try {
      return call.parseRequest(request.newInput());
    } catch (StatusRuntimeException e) {
      throw new HoldfastException(
          ErrorCode.MALFORMED, "what was asked for can't be read any more; ask anew", e);
    }
  }
}
