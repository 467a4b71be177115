package io.holdfast.coordinator.rpc;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.identity.Certificates;
import io.holdfast.common.identity.Fingerprint;
import io.holdfast.common.identity.IssuingAuthority;
import io.holdfast.common.key.CertifiedRecoveryKey;
import io.holdfast.common.key.Passphrase;
import io.holdfast.common.key.RecoveryKit;
import io.holdfast.common.key.RepositoryKeys;
import io.holdfast.coordinator.fleet.HostDirectory;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.coordinator.job.KeyRenewals;
import io.holdfast.coordinator.key.HostErasure;
import io.holdfast.coordinator.key.IssuingCaChange;
import io.holdfast.coordinator.key.KeyRings;
import io.holdfast.coordinator.key.KeysForRestore;
import io.holdfast.coordinator.key.MasterChange;
import io.holdfast.coordinator.key.PrivateMasterChange;
import io.holdfast.coordinator.key.RootChange;
import io.holdfast.coordinator.people.Act;
import io.holdfast.coordinator.people.Actor;
import io.holdfast.coordinator.people.Approvals;
import io.holdfast.proto.stored.v1.ActKind;
import io.holdfast.proto.wire.v1.EraseHostAnswer;
import io.holdfast.proto.wire.v1.EraseHostRequest;
import io.holdfast.proto.wire.v1.FetchSealedKeysAnswer;
import io.holdfast.proto.wire.v1.FetchSealedKeysRequest;
import io.holdfast.proto.wire.v1.HostWithoutRoot;
import io.holdfast.proto.wire.v1.InstallIssuingCaAnswer;
import io.holdfast.proto.wire.v1.InstallIssuingCaRequest;
import io.holdfast.proto.wire.v1.InstallRootAnswer;
import io.holdfast.proto.wire.v1.InstallRootRequest;
import io.holdfast.proto.wire.v1.KeysGrpc;
import io.holdfast.proto.wire.v1.ListRootsAnswer;
import io.holdfast.proto.wire.v1.ListSealedKeysAnswer;
import io.holdfast.proto.wire.v1.ListSealedKeysRequest;
import io.holdfast.proto.wire.v1.PrivateMaster;
import io.holdfast.proto.wire.v1.PutResealedKeysAnswer;
import io.holdfast.proto.wire.v1.PutResealedKeysRequest;
import io.holdfast.proto.wire.v1.RequestIssuingCaAnswer;
import io.holdfast.proto.wire.v1.RetireRootAnswer;
import io.holdfast.proto.wire.v1.RetireRootRequest;
import io.holdfast.proto.wire.v1.Root;
import io.holdfast.proto.wire.v1.RootState;
import io.holdfast.proto.wire.v1.RotateIdsAnswer;
import io.holdfast.proto.wire.v1.RotateIdsRequest;
import io.holdfast.proto.wire.v1.RotateMasterAnswer;
import io.holdfast.proto.wire.v1.RotateMasterRequest;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The calls that destroy or replace keys, without gRPC around them. Any thread; calls block. */
public final class KeyActs {
  private static final int HOSTS_MAX = 1_000;

  /** What is asked for is kept in the journal, and no passphrase goes there. */
  private static final RotateMasterRequest ROTATION = RotateMasterRequest.getDefaultInstance();

  private final HostDirectory directory;
  private final HostErasure erasure;
  private final KeyRings rings;
  private final IssuingCaChange issuingCa;
  private final RootChange roots;
  private final MasterChange master;
  private final PrivateMasterChange privateMaster;
  private final Predicate<HostId> connected;
  private final Approvals approvals;
  private final KeysForRestore restores;
  private final AdminJobs jobs;
  private final KeyRenewals renewals;

  private final Act rotateMaster =
      GuardedAct.collected(
          ActKind.ACT_KIND_KEY_EXPORT,
          KeysGrpc.getRotateMasterMethod(),
          request ->
              "replace the master key, under a passphrase that its asker chooses, and show the"
                  + " recovery kit: with the passphrase it opens every backup, and older kits"
                  + " don't");
  private final Act retireRoot =
      GuardedAct.of(
          ActKind.ACT_KIND_HOST_REVOKE,
          KeysGrpc.getRetireRootMethod(),
          this::effectOf,
          this::carryOut);
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
      RootChange roots,
      MasterChange master,
      PrivateMasterChange privateMaster,
      Predicate<HostId> connected,
      Approvals approvals,
      KeysForRestore restores,
      AdminJobs jobs,
      KeyRenewals renewals) {
    this.renewals = renewals;
    this.restores = restores;
    this.jobs = jobs;
    this.directory = directory;
    this.erasure = erasure;
    this.rings = rings;
    this.issuingCa = issuingCa;
    this.roots = roots;
    this.master = master;
    this.privateMaster = privateMaster;
    this.connected = connected;
    this.approvals = approvals;
  }

  /** All that may need a second person. */
  public List<Act> all() {
    return List.of(eraseHost, rotateMaster, retireRoot);
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

  /** Errors of {@link KeyRings#rotateIds}; of one host those of {@link KeyRenewals#renew}. */
  RotateIdsAnswer rotateIds(RotateIdsRequest request, Actor actor) throws InterruptedException {
    if (!request.getHost().isEmpty()) {
      NamedHost host = directory.find(request.getHost());
      RotateIdsAnswer.Builder answer =
          RotateIdsAnswer.newBuilder()
              .setHost(ByteString.copyFrom(host.id().toByteArray()))
              .setName(host.name());
      renewals
          .renew(host, actor.name())
          .ifPresent(anew -> answer.setNewHost(ByteString.copyFrom(anew.toByteArray())));
      return answer.build();
    }
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
    RepositoryKeys ring = rings.current();
    RequestIssuingCaAnswer.Builder answer =
        RequestIssuingCaAnswer.newBuilder()
            .setRepository(ByteString.copyFrom(ring.repository().toByteArray()));
    ring.recovery()
        .ifPresent(key -> answer.setRepositoryRecovery(ByteString.copyFrom(key.encode())));
    return answer
        .setCertificateRequest(ByteString.copyFrom(issuingCa.request()))
        .setPresentName(present.getSubjectX500Principal().getName())
        .setPresentExpiresMillis(present.getNotAfter().toInstant().toEpochMilli())
        .setRootSha256(issuingCa.present().rootFingerprint().toByteString())
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

  /** Errors of {@link RootChange#introduce}, MALFORMED for what is no certificate. */
  InstallRootAnswer installRoot(InstallRootRequest request, Actor actor)
      throws InterruptedException {
    X509Certificate root = Certificates.parse(request.getRoot().toByteArray());
    roots.introduce(
        root,
        Certificates.parse(request.getLink().toByteArray()),
        Certificates.parse(request.getIssuingCa().toByteArray()),
        request.getRepositoryRecovery().isEmpty()
            ? Optional.empty()
            : Optional.of(
                CertifiedRecoveryKey.parse(request.getRepositoryRecovery().toByteArray())),
        actor.name());
    return InstallRootAnswer.newBuilder()
        .setRing("keys/ring." + rings.number())
        .setRootSha256(Fingerprint.of(root).toByteString())
        .setExpiresMillis(root.getNotAfter().toInstant().toEpochMilli())
        .build();
  }

  ListRootsAnswer listRoots() {
    List<NamedHost> lacking = roots.lacking();
    return ListRootsAnswer.newBuilder()
        .addAllRoots(roots.line().roots().stream().map(this::root).toList())
        .addAllLacking(hosts(lacking))
        .setHostsLacking(lacking.size())
        .build();
  }

  private Root root(X509Certificate root) {
    boolean isBelieved = roots.believed().contains(Fingerprint.of(root));
    return Root.newBuilder()
        .setSha256(Fingerprint.of(root).toByteString())
        .setExpiresMillis(root.getNotAfter().toInstant().toEpochMilli())
        .setState(isBelieved ? RootState.ROOT_STATE_BELIEVED : RootState.ROOT_STATE_RETIRED)
        .setIssues(Fingerprint.of(root).equals(roots.issuing()))
        .build();
  }

  /** Errors of {@link RootChange#retire}, and APPROVAL_REQUIRED if hosts are left behind by it. */
  RetireRootAnswer retireRoot(RetireRootRequest request, Actor actor) throws InterruptedException {
    if (request.getForce() && !roots.lacking().isEmpty()) {
      approvals.require(retireRoot, request, actor);
    }
    RootChange.Retired retired = roots.retire(request.getForce(), actor.name());
    RetireRootAnswer.Builder answer =
        RetireRootAnswer.newBuilder()
            .addAllLeftBehind(hosts(retired.leftBehind()))
            .setHostsLeftBehind(retired.leftBehind().size());
    retired.root().ifPresent(root -> answer.addRetiredSha256(root.toByteString()));
    return answer.build();
  }

  private String effectOf(RetireRootRequest request) {
    return "believe the old fleet root no more: "
        + roots.lacking().size()
        + " hosts have to be enrolled again, or read here no more if they moved away";
  }

  private String carryOut(RetireRootRequest request, String asker) throws InterruptedException {
    return "the old root is retired; "
        + roots.retire(request.getForce(), asker).leftBehind().size()
        + " hosts were left behind";
  }

  /**
   * APPROVAL_REQUIRED; errors of {@link MasterChange#rotate}, of a private repository those of
   * {@link PrivateMasterChange#install}, and INVALID_ARGUMENT if it is asked as of the other kind.
   */
  RotateMasterAnswer rotateMaster(RotateMasterRequest request, Actor actor)
      throws InterruptedException {
    if (rings.current().isPrivate()) {
      return replacePrivately(request, actor);
    }
    if (request.hasPrivateMaster()) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "this repository is shared: its coordinator makes the next master key itself");
    }
    approvals.require(rotateMaster, ROTATION, actor);
    try (Passphrase passphrase = Passphrase.of(request.getPassphrase().toByteArray())) {
      MasterChange.Replaced replaced = master.rotate(passphrase, actor.name());
      return rotated(replaced, Optional.empty());
    }
  }

  /** Who asks was let begin by {@link #listSealedKeys}. */
  private RotateMasterAnswer replacePrivately(RotateMasterRequest request, Actor actor)
      throws InterruptedException {
    if (!request.hasPrivateMaster() || !request.getPassphrase().isEmpty()) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "this repository is private: whoever has the recovery passphrase makes and wraps the next"
              + " keys on his own machine, and a coordinator doesn't learn it; use a command of"
              + " this coordinator's version, which does that");
    }
    PrivateMaster next = request.getPrivateMaster();
    MasterChange.Replaced replaced = privateMaster.install(next, actor.name());
    return rotated(replaced, Optional.of(next.getWrappedRecovery().toByteArray()));
  }

  private RotateMasterAnswer rotated(MasterChange.Replaced replaced, Optional<byte[]> recovery) {
    RecoveryKit kit =
        new RecoveryKit(
            rings.current().repository(),
            Fingerprint.of(roots.line().newest()).value(),
            replaced.number(),
            replaced.wrapped().toByteArray(),
            recovery);
    return RotateMasterAnswer.newBuilder()
        .setNumber(replaced.number())
        .setHosts(replaced.hosts())
        .setKit(kit.print())
        .build();
  }

  /** Errors of {@link PrivateMasterChange#list}; to begin, APPROVAL_REQUIRED. */
  ListSealedKeysAnswer listSealedKeys(ListSealedKeysRequest request, Actor actor)
      throws InterruptedException {
    if (PrivateMasterChange.isBeginning(request.getAttempt()) && rings.current().isPrivate()) {
      approvals.require(rotateMaster, ROTATION, actor);
    }
    return privateMaster.list(request.getAttempt(), actor.name());
  }

  /** Errors of {@link PrivateMasterChange#put}. */
  PutResealedKeysAnswer putResealedKeys(PutResealedKeysRequest request)
      throws InterruptedException {
    privateMaster.put(request);
    return PutResealedKeysAnswer.getDefaultInstance();
  }

  private List<HostWithoutRoot> hosts(List<NamedHost> hosts) {
    return hosts.stream()
        .limit(HOSTS_MAX)
        .map(host ->
            HostWithoutRoot.newBuilder()
                .setHost(ByteString.copyFrom(host.id().toByteArray()))
                .setName(host.name())
                .setConnected(connected.test(host.id()))
                .setMoved(host.isRevoked())
                .build())
        .toList();
  }
}
