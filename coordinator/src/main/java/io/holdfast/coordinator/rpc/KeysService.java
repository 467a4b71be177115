package io.holdfast.coordinator.rpc;

import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import io.holdfast.coordinator.people.Actor;
import io.holdfast.proto.wire.v1.EraseHostAnswer;
import io.holdfast.proto.wire.v1.EraseHostRequest;
import io.holdfast.proto.wire.v1.FetchSealedKeysAnswer;
import io.holdfast.proto.wire.v1.FetchSealedKeysRequest;
import io.holdfast.proto.wire.v1.InstallIssuingCaAnswer;
import io.holdfast.proto.wire.v1.InstallIssuingCaRequest;
import io.holdfast.proto.wire.v1.InstallRootAnswer;
import io.holdfast.proto.wire.v1.InstallRootRequest;
import io.holdfast.proto.wire.v1.KeysGrpc;
import io.holdfast.proto.wire.v1.ListRootsAnswer;
import io.holdfast.proto.wire.v1.ListRootsRequest;
import io.holdfast.proto.wire.v1.ListSealedKeysAnswer;
import io.holdfast.proto.wire.v1.ListSealedKeysRequest;
import io.holdfast.proto.wire.v1.PutResealedKeysAnswer;
import io.holdfast.proto.wire.v1.PutResealedKeysRequest;
import io.holdfast.proto.wire.v1.RequestIssuingCaAnswer;
import io.holdfast.proto.wire.v1.RequestIssuingCaRequest;
import io.holdfast.proto.wire.v1.RetireRootAnswer;
import io.holdfast.proto.wire.v1.RetireRootRequest;
import io.holdfast.proto.wire.v1.RotateIdsAnswer;
import io.holdfast.proto.wire.v1.RotateIdsRequest;
import io.holdfast.proto.wire.v1.RotateMasterAnswer;
import io.holdfast.proto.wire.v1.RotateMasterRequest;
import java.util.concurrent.Executor;

/** Keys that are destroyed or replaced, on the wire: parses, calls, maps errors. */
public final class KeysService extends KeysGrpc.KeysImplBase {
  private final KeyActs acts;
  private final UnaryCalls calls;

  /** {@code executor} gives each call a thread that may block. */
  public KeysService(KeyActs acts, Executor executor) {
    this.acts = acts;
    this.calls = new UnaryCalls(Context.currentContextExecutor(executor));
  }

  private static Actor actor() {
    return RpcCaller.person().actor();
  }

  @Override
  public void eraseHost(EraseHostRequest request, StreamObserver<EraseHostAnswer> answers) {
    calls.answer(answers, () -> acts.eraseHost(request, actor()));
  }

  @Override
  public void rotateIds(RotateIdsRequest request, StreamObserver<RotateIdsAnswer> answers) {
    calls.answer(answers, () -> acts.rotateIds(request, actor()));
  }

  @Override
  public void fetchSealedKeys(
      FetchSealedKeysRequest request, StreamObserver<FetchSealedKeysAnswer> answers) {
    calls.answer(answers, () -> acts.fetchSealedKeys(request, actor()));
  }

  @Override
  public void requestIssuingCa(
      RequestIssuingCaRequest request, StreamObserver<RequestIssuingCaAnswer> answers) {
    calls.answer(answers, acts::requestIssuingCa);
  }

  @Override
  public void installIssuingCa(
      InstallIssuingCaRequest request, StreamObserver<InstallIssuingCaAnswer> answers) {
    calls.answer(answers, () -> acts.installIssuingCa(request, actor()));
  }

  @Override
  public void installRoot(InstallRootRequest request, StreamObserver<InstallRootAnswer> answers) {
    calls.answer(answers, () -> acts.installRoot(request, actor()));
  }

  @Override
  public void listRoots(ListRootsRequest request, StreamObserver<ListRootsAnswer> answers) {
    calls.answer(answers, acts::listRoots);
  }

  @Override
  public void retireRoot(RetireRootRequest request, StreamObserver<RetireRootAnswer> answers) {
    calls.answer(answers, () -> acts.retireRoot(request, actor()));
  }

  @Override
  public void rotateMaster(
      RotateMasterRequest request, StreamObserver<RotateMasterAnswer> answers) {
    calls.answer(answers, () -> acts.rotateMaster(request, actor()));
  }

  @Override
  public void listSealedKeys(
      ListSealedKeysRequest request, StreamObserver<ListSealedKeysAnswer> answers) {
    calls.answer(answers, () -> acts.listSealedKeys(request, actor()));
  }

  @Override
  public void putResealedKeys(
      PutResealedKeysRequest request, StreamObserver<PutResealedKeysAnswer> answers) {
    calls.answer(answers, () -> acts.putResealedKeys(request));
  }
}
