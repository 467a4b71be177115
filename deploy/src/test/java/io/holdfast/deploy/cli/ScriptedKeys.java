package io.holdfast.deploy.cli;

import io.grpc.stub.StreamObserver;
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

/** The calls about keys, answered as the script of a {@link ScriptedAdmin} says. */
final class ScriptedKeys extends KeysGrpc.KeysImplBase {
  private final ScriptedAdmin script;

  ScriptedKeys(ScriptedAdmin script) {
    this.script = script;
  }

  @Override
  public void eraseHost(EraseHostRequest request, StreamObserver<EraseHostAnswer> out) {
    script.answer(request, EraseHostAnswer.class, out);
  }

  @Override
  public void rotateIds(RotateIdsRequest request, StreamObserver<RotateIdsAnswer> out) {
    script.answer(request, RotateIdsAnswer.class, out);
  }

  @Override
  public void fetchSealedKeys(
      FetchSealedKeysRequest request, StreamObserver<FetchSealedKeysAnswer> out) {
    script.answer(request, FetchSealedKeysAnswer.class, out);
  }

  @Override
  public void requestIssuingCa(
      RequestIssuingCaRequest request, StreamObserver<RequestIssuingCaAnswer> out) {
    script.answer(request, RequestIssuingCaAnswer.class, out);
  }

  @Override
  public void installIssuingCa(
      InstallIssuingCaRequest request, StreamObserver<InstallIssuingCaAnswer> out) {
    script.answer(request, InstallIssuingCaAnswer.class, out);
  }

  @Override
  public void installRoot(InstallRootRequest request, StreamObserver<InstallRootAnswer> out) {
    script.answer(request, InstallRootAnswer.class, out);
  }

  @Override
  public void listRoots(ListRootsRequest request, StreamObserver<ListRootsAnswer> out) {
    script.answer(request, ListRootsAnswer.class, out);
  }

  @Override
  public void retireRoot(RetireRootRequest request, StreamObserver<RetireRootAnswer> out) {
    script.answer(request, RetireRootAnswer.class, out);
  }

  @Override
  public void rotateMaster(RotateMasterRequest request, StreamObserver<RotateMasterAnswer> out) {
    script.answer(request, RotateMasterAnswer.class, out);
  }

  @Override
  public void listSealedKeys(
      ListSealedKeysRequest request, StreamObserver<ListSealedKeysAnswer> out) {
    script.answer(request, ListSealedKeysAnswer.class, out);
  }

  @Override
  public void putResealedKeys(
      PutResealedKeysRequest request, StreamObserver<PutResealedKeysAnswer> out) {
    script.answer(request, PutResealedKeysAnswer.class, out);
  }
}
