package io.holdfast.deploy.link;

import com.google.protobuf.ByteString;
import io.holdfast.proto.wire.v1.EraseHostAnswer;
import io.holdfast.proto.wire.v1.EraseHostRequest;
import io.holdfast.proto.wire.v1.FetchSealedKeysAnswer;
import io.holdfast.proto.wire.v1.FetchSealedKeysRequest;
import io.holdfast.proto.wire.v1.InstallIssuingCaAnswer;
import io.holdfast.proto.wire.v1.InstallIssuingCaRequest;
import io.holdfast.proto.wire.v1.InstallRootAnswer;
import io.holdfast.proto.wire.v1.InstallRootRequest;
import io.holdfast.proto.wire.v1.KeysGrpc;
import io.holdfast.proto.wire.v1.KeysGrpc.KeysBlockingStub;
import io.holdfast.proto.wire.v1.ListRootsAnswer;
import io.holdfast.proto.wire.v1.ListRootsRequest;
import io.holdfast.proto.wire.v1.RequestIssuingCaAnswer;
import io.holdfast.proto.wire.v1.RequestIssuingCaRequest;
import io.holdfast.proto.wire.v1.RetireRootAnswer;
import io.holdfast.proto.wire.v1.RetireRootRequest;
import io.holdfast.proto.wire.v1.RotateIdsAnswer;
import io.holdfast.proto.wire.v1.RotateIdsRequest;
import io.holdfast.proto.wire.v1.RotateMasterAnswer;
import io.holdfast.proto.wire.v1.RotateMasterRequest;
import java.util.List;

/** What is asked to destroy or replace keys; as {@link AdminLink}, which lends it. */
public final class KeysLink {
  private final Line line;
  private final KeysBlockingStub stub;

  KeysLink(Line line) {
    this.line = line;
    this.stub = line.stub(KeysGrpc::newBlockingStub);
  }

  /** {@code words} say that it is meant; without the right ones it is refused, saying which. */
  public EraseHostAnswer eraseHost(String host, String words) {
    EraseHostRequest request =
        EraseHostRequest.newBuilder().setHost(host).setConfirmation(words).build();
    return line.answer(stub, keys -> keys.eraseHost(request));
  }

  public RotateIdsAnswer rotateIds() {
    return line.answer(stub, keys -> keys.rotateIds(RotateIdsRequest.getDefaultInstance()));
  }

  /** What opens {@code snapshot} in a private repository, still sealed, for {@code reader}. */
  public FetchSealedKeysAnswer fetchSealedKeys(String snapshot, String reader) {
    FetchSealedKeysRequest request =
        FetchSealedKeysRequest.newBuilder().setSnapshot(snapshot).setReader(reader).build();
    return line.answer(stub, keys -> keys.fetchSealedKeys(request));
  }

  public RequestIssuingCaAnswer requestIssuingCa() {
    return line.answer(
        stub, keys -> keys.requestIssuingCa(RequestIssuingCaRequest.getDefaultInstance()));
  }

  /** {@code chain}: DER of the new CA's certificate and the root's. */
  public InstallIssuingCaAnswer installIssuingCa(List<byte[]> chain) {
    InstallIssuingCaRequest request =
        InstallIssuingCaRequest.newBuilder()
            .addAllCertificates(chain.stream().map(ByteString::copyFrom).toList())
            .build();
    return line.answer(stub, keys -> keys.installIssuingCa(request));
  }

  /** DER of the new root, of what introduces it, and of the issuing CA under it. */
  public InstallRootAnswer installRoot(byte[] root, byte[] link, byte[] issuingCa) {
    InstallRootRequest request =
        InstallRootRequest.newBuilder()
            .setRoot(ByteString.copyFrom(root))
            .setLink(ByteString.copyFrom(link))
            .setIssuingCa(ByteString.copyFrom(issuingCa))
            .build();
    return line.answer(stub, keys -> keys.installRoot(request));
  }

  public ListRootsAnswer listRoots() {
    return line.answer(stub, keys -> keys.listRoots(ListRootsRequest.getDefaultInstance()));
  }

  /** {@code force} leaves hosts behind that don't have the newest root. */
  public RetireRootAnswer retireRoot(boolean force) {
    RetireRootRequest request = RetireRootRequest.newBuilder().setForce(force).build();
    return line.answer(stub, keys -> keys.retireRoot(request));
  }

  /** {@code passphrase}: UTF-8; wraps the new master key. */
  public RotateMasterAnswer rotateMaster(byte[] passphrase) {
    RotateMasterRequest request =
        RotateMasterRequest.newBuilder().setPassphrase(ByteString.copyFrom(passphrase)).build();
    return line.answer(stub, keys -> keys.rotateMaster(request));
  }
}
