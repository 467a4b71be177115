package io.holdfast.coordinator.rpc;

import com.google.protobuf.ByteString;
import io.holdfast.common.identity.Certificates;
import io.holdfast.common.identity.IssuingAuthority;
import io.holdfast.coordinator.fleet.HostDirectory;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.coordinator.key.HostErasure;
import io.holdfast.coordinator.key.IssuingCaChange;
import io.holdfast.coordinator.key.KeyRings;
import io.holdfast.coordinator.key.KeysForRestore;
import io.holdfast.coordinator.people.Act;
import io.holdfast.coordinator.people.Actor;
import io.holdfast.coordinator.people.Approvals;
import io.holdfast.proto.stored.v1.ActKind;
import io.holdfast.proto.wire.v1.EraseHostAnswer;
import io.holdfast.proto.wire.v1.EraseHostRequest;
import io.holdfast.proto.wire.v1.FetchSealedKeysAnswer;
import io.holdfast.proto.wire.v1.FetchSealedKeysRequest;
import io.holdfast.proto.wire.v1.InstallIssuingCaAnswer;
import io.holdfast.proto.wire.v1.InstallIssuingCaRequest;
import io.holdfast.proto.wire.v1.KeysGrpc;
import io.holdfast.proto.wire.v1.RequestIssuingCaAnswer;
import io.holdfast.proto.wire.v1.RotateIdsAnswer;
import java.security.cert.X509Certificate;
import java.util.List;

/** The calls that destroy or replace keys, without gRPC around them. Any thread; calls block. */
public final class KeyActs {
  private final HostDirectory directory;
  private final HostErasure erasure;
  private final KeyRings rings;
  private final IssuingCaChange issuingCa;
  private final Approvals approvals;
  private final KeysForRestore restores;
  private final AdminJobs jobs;

  private final Act eraseHost =
      GuardedAct.of(
          ActKind.ACT_KIND_HOST_ERASE,
          KeysGrpc.getEraseHostMethod(),
          this::effectOf,
          this::carryOut);

  public KeyActs(
      HostDirectory directory,
      HostErasure erasure,
      KeyRings rings,
      IssuingCaChange issuingCa,
      Approvals approvals,
      KeysForRestore restores,
      AdminJobs jobs) {
    this.restores = restores;
    this.jobs = jobs;
    this.directory = directory;
    this.erasure = erasure;
    this.rings = rings;
    this.issuingCa = issuingCa;
    this.approvals = approvals;
  }

  /** All that may need a second person. */
  public List<Act> all() {
    return List.of(eraseHost);
  }

  /** Errors of {@link HostErasure#erase}, of its confirmation, and APPROVAL_REQUIRED. */
  EraseHostAnswer eraseHost(EraseHostRequest request, Actor actor) throws InterruptedException {
    NamedHost host = directory.find(request.getHost());
    erasure.requireErasable(host);
    erasure.requireConfirmed(host, request.getConfirmation());
    EraseHostRequest exact = request.toBuilder().setHost(host.id().toString()).build();
    approvals.require(eraseHost, exact, actor);
    HostErasure.Erased erased = erasure.erase(host, actor.name());
    return EraseHostAnswer.newBuilder()
        .setHost(ByteString.copyFrom(host.id().toByteArray()))
        .setName(host.name())
        .setSnapshots(erased.snapshots())
        .setErasedMillis(erased.erasedMillis())
        .build();
  }

  private String effectOf(EraseHostRequest request) {
    return erasure.effect(directory.find(request.getHost()));
  }

  private String carryOut(EraseHostRequest request, String asker) throws InterruptedException {
    HostErasure.Erased erased = erasure.erase(directory.find(request.getHost()), asker);
    return erased.host() + " and its " + erased.snapshots() + " snapshots are erased for good";
  }

  /** Errors of {@link KeyRings#rotateIds}. */
  RotateIdsAnswer rotateIds(Actor actor) throws InterruptedException {
    int generation = rings.rotateIds(actor.name());
    return RotateIdsAnswer.newBuilder()
        .setGeneration(generation)
        .setRing("keys/ring." + rings.number())
        .build();
  }

  /** Errors of {@link KeysForRestore#fetch}, and those of finding snapshot and host. */
  FetchSealedKeysAnswer fetchSealedKeys(FetchSealedKeysRequest request, Actor actor)
      throws InterruptedException {
    NamedHost reader = directory.find(request.getReader());
    return restores.fetch(jobs.snapshot(request.getSnapshot(), reader), reader, actor.name());
  }

  RequestIssuingCaAnswer requestIssuingCa() {
    X509Certificate present = issuingCa.present().key().leaf();
    return RequestIssuingCaAnswer.newBuilder()
        .setCertificateRequest(ByteString.copyFrom(issuingCa.request()))
        .setPresentName(present.getSubjectX500Principal().getName())
        .setPresentExpiresMillis(present.getNotAfter().toInstant().toEpochMilli())
        .setRootSha256(
            ByteString.copyFrom(issuingCa.present().rootFingerprint().value().toByteArray()))
        .build();
  }

  /** Errors of {@link IssuingCaChange#install}, and MALFORMED for what is no certificate. */
  InstallIssuingCaAnswer installIssuingCa(InstallIssuingCaRequest request, Actor actor)
      throws InterruptedException {
    List<X509Certificate> chain =
        Certificates.parseChain(
            request.getCertificatesList().stream().map(ByteString::toByteArray).toList());
    IssuingAuthority next = issuingCa.install(chain, actor.name());
    return InstallIssuingCaAnswer.newBuilder()
        .setRing("keys/ring." + rings.number())
        .setExpiresMillis(next.key().leaf().getNotAfter().toInstant().toEpochMilli())
        .build();
  }
}
