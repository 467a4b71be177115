package io.holdfast.deploy.link;

import com.google.protobuf.ByteString;
import io.holdfast.common.key.CertifiedRecoveryKey;
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
import io.holdfast.proto.wire.v1.ListSealedKeysAnswer;
import io.holdfast.proto.wire.v1.ListSealedKeysRequest;
import io.holdfast.proto.wire.v1.PrivateMaster;
import io.holdfast.proto.wire.v1.PutResealedKeysRequest;
import io.holdfast.proto.wire.v1.RequestIssuingCaAnswer;
import io.holdfast.proto.wire.v1.RequestIssuingCaRequest;
import io.holdfast.proto.wire.v1.RetireRootAnswer;
import io.holdfast.proto.wire.v1.RetireRootRequest;
import io.holdfast.proto.wire.v1.RotateIdsAnswer;
import io.holdfast.proto.wire.v1.RotateIdsRequest;
import io.holdfast.proto.wire.v1.RotateMasterAnswer;
import io.holdfast.proto.wire.v1.RotateMasterRequest;
import io.holdfast.proto.wire.v1.SealedKeysOfHost;
import java.util.List;
import java.util.Optional;

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

  /** New keys for one host of a private repository. */
  public RotateIdsAnswer rotateIds(String host) {
    RotateIdsRequest request = RotateIdsRequest.newBuilder().setHost(host).build();
    return line.answer(stub, Line.MOVE_TIMEOUT, keys -> keys.rotateIds(request));
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
    return installRoot(root, link, issuingCa, Optional.empty());
  }

  /**
   * As {@link #installRoot(byte[], byte[], byte[])}.
   *
   * @param recovery a private repository's recovery key, for which the new root vouches
   */
  public InstallRootAnswer installRoot(
      byte[] root, byte[] link, byte[] issuingCa, Optional<CertifiedRecoveryKey> recovery) {
    InstallRootRequest.Builder request =
        InstallRootRequest.newBuilder()
            .setRoot(ByteString.copyFrom(root))
            .setLink(ByteString.copyFrom(link))
            .setIssuingCa(ByteString.copyFrom(issuingCa));
    recovery.ifPresent(key -> request.setRepositoryRecovery(ByteString.copyFrom(key.encode())));
    return line.answer(stub, keys -> keys.installRoot(request.build()));
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
    return line.answer(stub, Line.ROUND_TIMEOUT, keys -> keys.rotateMaster(request));
  }

  /** Of a private repository; {@code next} is what whoever has the passphrase made. */
  public RotateMasterAnswer rotateMaster(PrivateMaster next) {
    RotateMasterRequest request = RotateMasterRequest.newBuilder().setPrivateMaster(next).build();
    return line.answer(stub, Line.ROUND_TIMEOUT, keys -> keys.rotateMaster(request));
  }

  /** Begins where {@code attempt} is empty, and tells what has to be sealed anew. */
  public ListSealedKeysAnswer listSealedKeys(ByteString attempt) {
    ListSealedKeysRequest request = ListSealedKeysRequest.newBuilder().setAttempt(attempt).build();
    return line.answer(stub, keys -> keys.listSealedKeys(request));
  }

  /** Hands in what was sealed anew. */
  public void putResealedKeys(ByteString attempt, List<SealedKeysOfHost> resealed) {
    PutResealedKeysRequest request =
        PutResealedKeysRequest.newBuilder().setAttempt(attempt).addAllKeys(resealed).build();
    var _ = line.answer(stub, keys -> keys.putResealedKeys(request));
  }
}
