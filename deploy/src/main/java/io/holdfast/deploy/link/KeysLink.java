package io.holdfast.deploy.link;

import com.google.protobuf.ByteString;
import io.holdfast.proto.wire.v1.EraseHostAnswer;
import io.holdfast.proto.wire.v1.EraseHostRequest;
import io.holdfast.proto.wire.v1.FetchSealedKeysAnswer;
import io.holdfast.proto.wire.v1.FetchSealedKeysRequest;
import io.holdfast.proto.wire.v1.InstallIssuingCaAnswer;
import io.holdfast.proto.wire.v1.InstallIssuingCaRequest;
import io.holdfast.proto.wire.v1.KeysGrpc;
import io.holdfast.proto.wire.v1.KeysGrpc.KeysBlockingStub;
import io.holdfast.proto.wire.v1.RequestIssuingCaAnswer;
import io.holdfast.proto.wire.v1.RequestIssuingCaRequest;
import io.holdfast.proto.wire.v1.RotateIdsAnswer;
import io.holdfast.proto.wire.v1.RotateIdsRequest;
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
}
