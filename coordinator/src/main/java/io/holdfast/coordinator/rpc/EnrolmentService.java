package io.holdfast.coordinator.rpc;

import io.grpc.stub.StreamObserver;
import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.fleet.Enrolments;
import io.holdfast.coordinator.fleet.HostMoves;
import io.holdfast.coordinator.fleet.SealedHostKeys;
import io.holdfast.coordinator.job.Jobs;
import io.holdfast.proto.wire.v1.BeginMoveAnswer;
import io.holdfast.proto.wire.v1.BeginMoveRequest;
import io.holdfast.proto.wire.v1.CompleteMoveAnswer;
import io.holdfast.proto.wire.v1.CompleteMoveRequest;
import io.holdfast.proto.wire.v1.EnrolAnswer;
import io.holdfast.proto.wire.v1.EnrolRequest;
import io.holdfast.proto.wire.v1.EnrolmentGrpc;
import io.holdfast.proto.wire.v1.FetchKeysAnswer;
import io.holdfast.proto.wire.v1.FetchKeysRequest;
import io.holdfast.proto.wire.v1.Hello;
import io.holdfast.proto.wire.v1.RenewAnswer;
import io.holdfast.proto.wire.v1.RenewRequest;
import io.holdfast.proto.wire.v1.SealKeysAnswer;
import io.holdfast.proto.wire.v1.SealKeysRequest;
import java.util.concurrent.Executor;

/** How hosts join and keep their certificates. */
public final class EnrolmentService extends EnrolmentGrpc.EnrolmentImplBase {
  private final Enrolments enrolments;
  private final SealedHostKeys sealedKeys;
  private final HostMoves moves;
  private final Jobs.Greeting greeting;
  private final UnaryCalls calls;

  /**
   * Answers by these.
   *
   * @param greeting for hosts that moved away, which open no control stream
   * @param executor gives each call a thread that may block
   */
  public EnrolmentService(
      Enrolments enrolments,
      SealedHostKeys sealedKeys,
      HostMoves moves,
      Jobs.Greeting greeting,
      Executor executor) {
    this.enrolments = enrolments;
    this.sealedKeys = sealedKeys;
    this.moves = moves;
    this.greeting = greeting;
    this.calls = new UnaryCalls(executor);
  }

  @Override
  public void enrol(EnrolRequest request, StreamObserver<EnrolAnswer> answers) {
    calls.answer(answers, () -> enrolments.enrol(request));
  }

  @Override
  public void renew(RenewRequest request, StreamObserver<RenewAnswer> answers) {
    HostId host = RpcCaller.host();
    calls.answer(answers, () -> enrolments.renew(host, request));
  }

  @Override
  public void fetchKeys(FetchKeysRequest request, StreamObserver<FetchKeysAnswer> answers) {
    HostId host = RpcCaller.host();
    calls.answer(answers, () -> enrolments.fetchKeys(host));
  }

  @Override
  public void sealKeys(SealKeysRequest request, StreamObserver<SealKeysAnswer> answers) {
    HostId host = RpcCaller.host();
    calls.answer(answers, () -> sealedKeys.take(host, request));
  }

  @Override
  public void beginMove(BeginMoveRequest request, StreamObserver<BeginMoveAnswer> answers) {
    HostId host = RpcCaller.host();
    calls.answer(answers, () -> moves.begin(host, request));
  }

  @Override
  public void completeMove(
      CompleteMoveRequest request, StreamObserver<CompleteMoveAnswer> answers) {
    HostId host = RpcCaller.host();
    calls.answer(
        answers,
        () -> {
          moves.complete(host, request);
          greeting.said(
              host,
              Hello.newBuilder()
                  .setCredentialRoot(request.getCredentialRoot())
                  .addAllRoots(request.getRootsList())
                  .build());
          return CompleteMoveAnswer.newBuilder().addAllRoots(greeting.roots()).build();
        });
  }
}
