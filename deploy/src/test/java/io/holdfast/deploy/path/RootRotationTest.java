package io.holdfast.deploy.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.agent.enrolment.Enrolment;
import io.holdfast.agent.enrolment.StateDirectory;
import io.holdfast.agent.restore.RestorePlan;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.identity.AccessToken;
import io.holdfast.common.identity.CertificateRequest;
import io.holdfast.common.identity.Certificates;
import io.holdfast.common.identity.EnrolmentToken;
import io.holdfast.common.identity.FleetAuthority;
import io.holdfast.common.identity.PemFiles;
import io.holdfast.common.key.Passphrase;
import io.holdfast.common.key.RecoveryKit;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.coordinator.node.CatalogMaintenance;
import io.holdfast.coordinator.recovery.Recovery;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.proto.wire.v1.AddPersonRequest;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.CreateAccessTokenRequest;
import io.holdfast.proto.wire.v1.CreateTokenRequest;
import io.holdfast.proto.wire.v1.HostFacts;
import io.holdfast.proto.wire.v1.InstallRootAnswer;
import io.holdfast.proto.wire.v1.ListRootsAnswer;
import io.holdfast.proto.wire.v1.PersonRole;
import io.holdfast.proto.wire.v1.RequestIssuingCaAnswer;
import io.holdfast.proto.wire.v1.RetireRootAnswer;
import io.holdfast.proto.wire.v1.RootState;
import io.holdfast.proto.wire.v1.VerifyAuditEvent;
import io.holdfast.proto.wire.v1.VerifyEvent;
import io.holdfast.proto.wire.v1.VerifyLevel;
import io.holdfast.proto.wire.v1.VerifyRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** One fleet root after the other while the fleet backs up and restores, from end to end. */
@Timeout(300)
class RootRotationTest {
  @TempDir Path directory;

  private final MovableTime time = new MovableTime();
  private Fleet fleet;
  private AdminLink admin;
  private Path source;
  private int targets;

  @BeforeEach
  void found() throws Exception {
    fleet = Fleet.found(directory.resolve("fleet"), time);
    admin = fleet.admin();
    source = Files.createDirectories(directory.resolve("source"));
    Files.writeString(source.resolve("file"), "one");
  }

  @AfterEach
  void stop() {
    admin.close();
    fleet.close();
  }

  private static HoldfastException assertCode(ErrorCode code, Executable action) {
    HoldfastException thrown = assertThrows(HoldfastException.class, action);
    assertEquals(code, thrown.code(), thrown.getMessage());
    return thrown;
  }

  /** TLS refuses; some callers say so by their code, others by their words. */
  private static HoldfastException assertUnconnected(Executable action) {
    HoldfastException thrown = assertThrows(HoldfastException.class, action);
    assertTrue(thrown.getMessage().contains("a certificate was refused"), thrown.getMessage());
    return thrown;
  }

  private void restart() throws Exception {
    admin.close();
    fleet.stop();
    fleet.start();
    admin = fleet.admin();
  }

  private void restart(OrderedHost host) throws Exception {
    restart();
    awaited(host);
  }

  private void awaited(OrderedHost host) throws InterruptedException {
    time.advance(Duration.ofSeconds(40)); // longer than an agent waits before it comes back
    host.awaitConnected();
  }

  private FleetAuthority root() {
    return FleetAuthority.of(
        PemFiles.readCredential(fleet.root.resolve("coordinator/fleet-root.pem"), fleet.randomness),
        time,
        fleet.randomness);
  }

  private FleetAuthority another() {
    return FleetAuthority.create(root().fleet(), time, fleet.randomness);
  }

  private InstallRootAnswer introduce(FleetAuthority present, FleetAuthority next) {
    RequestIssuingCaAnswer asked = admin.keys().requestIssuingCa();
    CertificateRequest request =
        CertificateRequest.verify(asked.getCertificateRequest().toByteArray());
    return admin
        .keys()
        .installRoot(
            Certificates.encode(next.certificate()),
            Certificates.encode(present.introduce(next.certificate())),
            Certificates.encode(next.certify(request, "next").getFirst()));
  }

  private void change(String content) throws Exception {
    Files.writeString(source.resolve("file"), content);
    time.advance(Duration.ofSeconds(2));
  }

  private String restored(ProtectedHost host, SnapshotId snapshot) throws Exception {
    Path target = directory.resolve("target" + ++targets);
    host.restore(snapshot, target, RestorePlan.EVERYTHING);
    return Files.readString(Path.of(target + source.toString()).resolve("file"));
  }

  private void assertAllGood() {
    admin.verify(
        VerifyRequest.newBuilder().setLevel(VerifyLevel.VERIFY_LEVEL_PROVEN).build(),
        event -> {
          assertFalse(event.hasFault(), event.toString());
          if (event.getEventCase() == VerifyEvent.EventCase.RESULT) {
            assertEquals(0, event.getResult().getFaults(), event.toString());
          }
        });
    List<VerifyAuditEvent> events = new ArrayList<>();
    admin.audit().verify(events::add);
    assertTrue(events.getLast().hasResult(), events.getLast().toString());
  }

  private String enrolmentToken() {
    return admin
        .createToken(CreateTokenRequest.newBuilder().setValidSeconds(86_400).build())
        .getToken();
  }

  private ProtectedHost enrol(String name, String token) {
    StateDirectory state = fleet.state(name);
    try (EnrolmentToken parsed = EnrolmentToken.parse(token)) {
      new Enrolment(state, time, fleet.randomness)
          .enrol(parsed, HostFacts.newBuilder().setName(name).build())
          .close();
    }
    return fleet.host(name);
  }

  private AccessToken person() {
    admin
        .people()
        .add(
            AddPersonRequest.newBuilder()
                .setName("anna")
                .setRole(PersonRole.PERSON_ROLE_ADMIN)
                .build());
    return accessToken();
  }

  private AccessToken accessToken() {
    return AccessToken.parse(
        admin
            .people()
            .createToken(CreateAccessTokenRequest.newBuilder().setName("anna").build())
            .getSecret());
  }

  private void asPerson(AccessToken token) {
    try (AdminLink remote = fleet.admin(token)) {
      remote.status();
    }
  }

  /** Opens what {@code snapshots} name in the vault with a printed kit and the passphrase alone. */
  private void recovered(String kit, SnapshotId... snapshots) throws Exception {
    try (Passphrase passphrase = Passphrase.of(Fleet.PASSPHRASE.toCharArray());
        Recovery recovery =
            Recovery.open(
                new Recovery.Request(
                    fleet.vault(),
                    Optional.of(RecoveryKit.parse(kit)),
                    directory.resolve("scratch" + ++targets)),
                passphrase,
                FileSystem.local(),
                fleet.randomness)) {
      assertEquals(Recovery.Way.JOURNAL, recovery.way(), recovery.findings().toString());
      for (SnapshotId snapshot : snapshots) {
        recovery.open(recovery.find(snapshot.toString())).close();
      }
    }
  }

  private void awaitLacking(long hosts) throws InterruptedException {
    for (int i = 0; i < 2_000 && admin.keys().listRoots().getHostsLacking() != hosts; i++) {
      time.sleep(Duration.ofMillis(10));
    }
    assertEquals(hosts, admin.keys().listRoots().getHostsLacking());
  }

  /** A jump of the clock ends streams, which come back: asks again as the error says. */
  private ByteString agentBackup(OrderedHost host) throws InterruptedException {
    while (true) {
      try {
        return host.mustBackup(
                BackupOrder.newBuilder().addSources(ByteString.copyFromUtf8(source.toString())))
            .getSnapshot();
      } catch (HoldfastException e) {
        if (e.code() != ErrorCode.HOST_NOT_CONNECTED) {
          throw e;
        }
        host.awaitConnected();
      }
    }
  }

  @Test
  void aFleetShouldChangeOverAndForgetItsOldRoot() throws Exception {
    String oldKit = admin.exportKeys();
    String oldToken = enrolmentToken();
    String lateToken = enrolmentToken();
    AccessToken oldPass = person();
    try (OrderedHost alpha = new OrderedHost(fleet, directory.resolve("alpha"));
        ProtectedHost beta = fleet.enrol("beta")) {
      SnapshotId before = SnapshotId.of(agentBackup(alpha).toByteArray());
      SnapshotId awayBefore = beta.backup(source).snapshot();
      FleetAuthority second = another();
      assertEquals("keys/ring.2", introduce(root(), second).getRing());

      // Both are believed. beta, whose agent doesn't run, finds the way by what is shown to it.
      change("two");
      SnapshotId between = beta.backup(source).snapshot();
      assertEquals("one", restored(beta, awayBefore));
      ProtectedHost gamma = enrol("gamma", oldToken);
      ProtectedHost delta = enrol("delta", enrolmentToken());
      try (gamma;
          delta) {
        gamma.backup(source);
        delta.backup(source);
      }
      asPerson(oldPass);
      agentBackup(alpha);
      restart(alpha);
      time.advance(Duration.ofMinutes(3)); // alpha's agent has learned, and fetches a certificate
      awaitLacking(3);
      agentBackup(alpha);
      assertAllGood();
      recovered(oldKit, before, between);
      HoldfastException refused =
          assertCode(ErrorCode.CONFIRMATION_REQUIRED, () -> admin.keys().retireRoot(false));
      assertTrue(refused.getMessage().contains("beta"), refused.getMessage());
      admin.revokeHost("gamma");
      admin.revokeHost("delta");

      RetireRootAnswer retired = admin.keys().retireRoot(true);
      assertEquals(1, retired.getRetiredSha256Count());
      assertEquals(
          List.of("beta"), retired.getLeftBehindList().stream().map(h -> h.getName()).toList());
      change("three");
      SnapshotId after = SnapshotId.of(agentBackup(alpha).toByteArray());
      assertUnconnected(() -> beta.backup(source));
      HoldfastException left =
          assertUnconnected(() -> {
            try (ProtectedHost again = fleet.host("beta")) {
              again.backup(source);
            }
          });
      assertTrue(left.getMessage().contains("enrol this host again"), left.getMessage());
      assertUnconnected(() -> enrol("epsilon", lateToken));
      assertUnconnected(() -> asPerson(oldPass));
      assertSecretsEndedWithTheirRoot(second, oldPass, lateToken);
      asPerson(accessToken());
      restart(alpha);
      change("four");
      agentBackup(alpha);
      try (ProtectedHost beta2 = fleet.enrol("beta2")) {
        beta2.backup(source);
      }
      assertAllGood();
      recovered(oldKit, before, between, after);
      String newKit = admin.exportKeys();
      assertTrue(newKit.contains(second.fingerprint().toString()));
      recovered(newKit, before, after);
      admin.close();
      fleet.stop();
      CatalogMaintenance.rebuild(fleet.config, fleet.randomness);
      fleet.start();
      admin = fleet.admin();
      awaited(alpha);
      assertEquals(0, admin.keys().retireRoot(false).getRetiredSha256Count());
      agentBackup(alpha);

      // And once more.
      FleetAuthority third = another();
      introduce(second, third);
      change("five");
      agentBackup(alpha);
      time.advance(Duration.ofMinutes(3));
      awaitLacking(2); // beta, and beta2, whose agent doesn't run
      admin.keys().retireRoot(true);
      restart(alpha);
      agentBackup(alpha);
      assertAllGood();
      recovered(oldKit, before, after);
      ListRootsAnswer roots = admin.keys().listRoots();
      assertEquals(
          List.of(
              RootState.ROOT_STATE_RETIRED,
              RootState.ROOT_STATE_RETIRED,
              RootState.ROOT_STATE_BELIEVED),
          roots.getRootsList().stream().map(each -> each.getState()).toList());
    }
  }

  /** Somebody had them shown to him by the old root's key, and shows them to the coordinator. */
  private void assertSecretsEndedWithTheirRoot(
      FleetAuthority newest, AccessToken oldPass, String oldToken) {
    AccessToken lifted = new AccessToken(newest.fingerprint(), oldPass.secret());
    assertCode(ErrorCode.ACCESS_TOKEN_INVALID, () -> asPerson(lifted));
    try (EnrolmentToken parsed = EnrolmentToken.parse(oldToken);
        EnrolmentToken liftedToken =
            new EnrolmentToken(parsed.addresses(), newest.fingerprint(), parsed.secret())) {
      assertCode(ErrorCode.TOKEN_EXPIRED, () -> enrol("zeta", liftedToken.encode()));
    }
  }

  @Test
  void nobodyShouldPassForASuccessor() throws Exception {
    ListRootsAnswer before = admin.keys().listRoots();
    FleetAuthority second = another();
    FleetAuthority third = another();
    FleetAuthority stranger = another();
    assertCode(ErrorCode.CERTIFICATE_INVALID, () -> introduce(stranger, second));
    RequestIssuingCaAnswer asked = admin.keys().requestIssuingCa();
    CertificateRequest request =
        CertificateRequest.verify(asked.getCertificateRequest().toByteArray());
    byte[] root = Certificates.encode(second.certificate());
    byte[] link = Certificates.encode(root().introduce(second.certificate()));
    byte[] ca = Certificates.encode(second.certify(request, "next").getFirst());
    byte[] strangers = Certificates.encode(stranger.certify(request, "next").getFirst());
    byte[] other = Certificates.encode(root().introduce(third.certificate()));
    assertCode(
        ErrorCode.CERTIFICATE_INVALID, () -> admin.keys().installRoot(root, link, strangers));
    assertCode(ErrorCode.CERTIFICATE_INVALID, () -> admin.keys().installRoot(root, other, ca));
    assertCode(ErrorCode.CERTIFICATE_INVALID, () -> admin.keys().installRoot(root, ca, ca));
    assertCode(
        ErrorCode.CERTIFICATE_INVALID, () -> admin.keys().installRoot(root, new byte[] {1}, ca));
    byte[] unasked =
        Certificates.encode(
            second
                .certify(
                    CertificateRequest.verify(
                        CertificateRequest.make(
                            io.holdfast.common.identity.SigningKey.generate(fleet.randomness),
                            fleet.randomness)),
                    "unasked")
                .getFirst());
    assertCode(ErrorCode.CERTIFICATE_INVALID, () -> admin.keys().installRoot(root, link, unasked));
    assertEquals(before, admin.keys().listRoots());
    introduce(root(), second);
    assertCode(ErrorCode.OBJECT_EXISTS, () -> introduce(root(), third)); // a rival
    assertCode(ErrorCode.OBJECT_EXISTS, () -> introduce(root(), second)); // again
    assertCode(ErrorCode.OBJECT_EXISTS, () -> introduce(second, third)); // too soon
    restart();
    admin.keys().retireRoot(false);
    assertCode(ErrorCode.CERTIFICATE_INVALID, () -> introduce(root(), third)); // by a retired one
    assertCode(ErrorCode.CERTIFICATE_INVALID, () -> introduce(root(), second)); // a replay
    introduce(second, third);
    assertAllGood();
  }
}
