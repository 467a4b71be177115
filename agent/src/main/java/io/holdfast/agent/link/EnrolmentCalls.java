package io.holdfast.agent.link;

import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.stub.AbstractStub;
import io.holdfast.agent.link.CoordinatorChannel.Line;
import io.holdfast.common.error.ErrorKind;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.identity.Endpoint;
import io.holdfast.proto.wire.v1.BeginMoveRequest;
import io.holdfast.proto.wire.v1.CompleteMoveAnswer;
import io.holdfast.proto.wire.v1.CompleteMoveRequest;
import io.holdfast.proto.wire.v1.EnrolAnswer;
import io.holdfast.proto.wire.v1.EnrolRequest;
import io.holdfast.proto.wire.v1.EnrolmentGrpc;
import io.holdfast.proto.wire.v1.FetchKeysAnswer;
import io.holdfast.proto.wire.v1.FetchKeysRequest;
import io.holdfast.proto.wire.v1.RenewAnswer;
import io.holdfast.proto.wire.v1.RenewRequest;
import io.holdfast.proto.wire.v1.SealKeysAnswer;
import io.holdfast.proto.wire.v1.SealKeysRequest;
import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The calls by which a host comes by its certificates and keys. Any thread; calls block. */
public final class EnrolmentCalls {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(60);

  private EnrolmentCalls() {}

  /**
   * Asks the coordinators at {@code endpoints}, at least one, in turn until one answers. The same
   * request may be sent twice: a coordinator knows it again. Throws what the coordinator said, or
   * the last failure to reach one.
   */
  public static EnrolAnswer enrol(List<Endpoint> endpoints, SslContext tls, EnrolRequest request) {
    HoldfastException last = null;
    for (Endpoint endpoint : endpoints) {
      try {
        return enrol(endpoint, tls, request);
      } catch (HoldfastException e) {
        if (!isWorthAnotherAddress(e)) {
          throw e;
        }
        last = e;
      }
    }
    throw last;
  }

  private static boolean isWorthAnotherAddress(HoldfastException failure) {
    return failure.kind() == ErrorKind.RETRY || failure.kind() == ErrorKind.FENCED;
  }

  private static EnrolAnswer enrol(Endpoint endpoint, SslContext tls, EnrolRequest request) {
    ManagedChannel channel = CoordinatorChannel.connect(endpoint, tls);
    try {
      return bounded(EnrolmentGrpc.newBlockingV2Stub(channel)).enrol(request);
    } catch (StatusException e) {
      throw new Line(channel, endpoint).explain(e);
    } finally {
      channel.shutdownNow();
    }
  }

  /** Asks for a new certificate on {@code line}. */
  public static RenewAnswer renew(Line line, RenewRequest request) {
    try {
      return bounded(EnrolmentGrpc.newBlockingV2Stub(line.channel())).renew(request);
    } catch (StatusException e) {
      throw line.explain(e);
    }
  }

  /** Asks for this host's keys as they are now. */
  public static FetchKeysAnswer fetchKeys(Line line) {
    try {
      return bounded(EnrolmentGrpc.newBlockingV2Stub(line.channel()))
          .fetchKeys(FetchKeysRequest.getDefaultInstance());
    } catch (StatusException e) {
      throw line.explain(e);
    }
  }

  /** Hands in this host's sealed keys. */
  public static SealKeysAnswer sealKeys(Line line, SealKeysRequest request) {
    try {
      return bounded(EnrolmentGrpc.newBlockingV2Stub(line.channel())).sealKeys(request);
    } catch (StatusException e) {
      throw line.explain(e);
    }
  }

  /** Says that somebody on this host moves it to another repository. */
  public static void beginMove(Line line, BeginMoveRequest request) {
    try {
      var _ = bounded(EnrolmentGrpc.newBlockingV2Stub(line.channel())).beginMove(request);
    } catch (StatusException e) {
      throw line.explain(e);
    }
  }

  /** Says that this host is of another repository now; the answer tells of the fleet's roots. */
  public static CompleteMoveAnswer completeMove(Line line, CompleteMoveRequest request) {
    try {
      return bounded(EnrolmentGrpc.newBlockingV2Stub(line.channel())).completeMove(request);
    } catch (StatusException e) {
      throw line.explain(e);
    }
  }

  private static <S extends AbstractStub<S>> S bounded(S stub) {
    return stub.withDeadlineAfter(ANSWER_MAX.toSeconds(), TimeUnit.SECONDS);
  }
}
