package io.holdfast.deploy.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.agent.backup.BackupResult;
import io.holdfast.agent.enrolment.HostIdentity;
import io.holdfast.agent.enrolment.Renewal;
import io.holdfast.agent.link.CoordinatorChannel;
import io.holdfast.agent.restore.RestorePlan;
import io.holdfast.agent.restore.RestoreResult;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.identity.CertificateRequest;
import io.holdfast.common.identity.Certificates;
import io.holdfast.common.identity.FleetAuthority;
import io.holdfast.common.identity.PemFiles;
import io.holdfast.common.identity.TlsContexts;
import io.holdfast.common.key.Passphrase;
import io.holdfast.common.key.RecoveryKit;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.coordinator.node.PassphraseChange;
import io.holdfast.coordinator.recovery.Recovery;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.proto.wire.v1.EraseHostAnswer;
import io.holdfast.proto.wire.v1.Host;
import io.holdfast.proto.wire.v1.ListFilesRequest;
import io.holdfast.proto.wire.v1.ListSnapshotsRequest;
import io.holdfast.proto.wire.v1.ReleaseHoldRequest;
import io.holdfast.proto.wire.v1.RestoreOrder;
import io.holdfast.proto.wire.v1.SetHoldRequest;
import io.holdfast.proto.wire.v1.Snapshot;
import io.holdfast.proto.wire.v1.SnapshotState;
import io.holdfast.proto.wire.v1.StartRestoreRequest;
import io.holdfast.proto.wire.v1.VerifyAuditEvent;
import io.holdfast.proto.wire.v1.VerifyEvent;
import io.holdfast.proto.wire.v1.VerifyLevel;
import io.holdfast.proto.wire.v1.VerifyRequest;
import io.holdfast.proto.wire.v1.VerifyResult;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Keys that are destroyed and replaced while a fleet lives, from end to end. */
@Timeout(300)
class KeyCareTest {
  private static final int FILE_BYTES = 3 << 20;

  @TempDir Path directory;

  private final MovableTime time = new MovableTime();
  private Fleet fleet;
  private ProtectedHost alpha;
  private AdminLink admin;
  private Path source;
  private int targets;

  @BeforeEach
  void found() throws Exception {
    fleet = Fleet.found(directory.resolve("fleet"), time);
    alpha = fleet.enrol("alpha");
    admin = fleet.admin();
    source = Files.createDirectories(directory.resolve("source"));
    Files.write(source.resolve("large"), random(1));
    Files.writeString(source.resolve("small"), "one");
    time.advance(Duration.ofSeconds(1)); // what changed just now is read again by the next run
  }

  @AfterEach
  void stop() {
    admin.close();
    alpha.close();
    fleet.close();
  }

  private static byte[] random(long seed) {
    byte[] bytes = new byte[FILE_BYTES];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private void restart() throws Exception {
    admin.close();
    fleet.stop();
    fleet.start();
    admin = fleet.admin();
  }

  private static HoldfastException assertCode(ErrorCode code, Executable action) {
    HoldfastException thrown = assertThrows(HoldfastException.class, action);
    assertEquals(code, thrown.code(), thrown.getMessage());
    return thrown;
  }

  private List<Snapshot> snapshots(boolean deleted) {
    List<Snapshot> found = new ArrayList<>();
    admin.snapshots(ListSnapshotsRequest.newBuilder().setDeleted(deleted).build(), found::add);
    return found;
  }

  private VerifyResult verify(String snapshot) {
    AtomicReference<VerifyResult> result = new AtomicReference<>();
    admin.verify(
        VerifyRequest.newBuilder()
            .setLevel(VerifyLevel.VERIFY_LEVEL_PROVEN)
            .setSnapshot(snapshot)
            .build(),
        event -> {
          if (event.getEventCase() == VerifyEvent.EventCase.RESULT) {
            result.set(event.getResult());
          }
          assertFalse(event.hasFault(), event.toString());
        });
    return result.get();
  }

  /** Restores {@code snapshot} whole, and answers where its source lies. */
  private Path restored(ProtectedHost host, SnapshotId snapshot) throws Exception {
    Path target = directory.resolve("target" + ++targets);
    RestoreResult result = host.restore(snapshot, target, RestorePlan.EVERYTHING);
    assertEquals(List.of(), result.findings().failures());
    return Path.of(target + source.toString());
  }

  private void listFiles(SnapshotId snapshot) {
    admin.files(ListFilesRequest.newBuilder().setSnapshot(snapshot.toString()).build(), file -> {});
  }

  private Path recoveryKey(String host) {
    AtomicReference<String> id = new AtomicReference<>();
    admin.hosts(found -> {
      if (found.getName().equals(host)) {
        id.set(HexFormat.of().formatHex(found.getHost().toByteArray()));
      }
    });
    return fleet.vault().resolve("keys/host").resolve(id.get());
  }

  private Host host(String name) {
    AtomicReference<Host> found = new AtomicReference<>();
    admin.hosts(host -> {
      if (host.getName().equals(name)) {
        found.set(host);
      }
    });
    return found.get();
  }

  @Test
  void anErasedHostsSnapshotsShouldBeOpenedByNobodyAndSharedChunksByTheOthers() throws Exception {
    SnapshotId erased = alpha.backup(source).snapshot();
    assertEquals(0, verify("").getFaults()); // proves it, so that beta may share
    try (ProtectedHost beta = fleet.enrol("beta")) {
      SnapshotId shared = beta.backup(source).snapshot();
      Path key = recoveryKey("alpha");
      assertTrue(Files.exists(key));
      admin.decommissionHost("alpha");
      EraseHostAnswer answer = admin.keys().eraseHost("alpha", "erase alpha");
      assertEquals(1, answer.getSnapshots());
      assertFalse(Files.exists(key), "its key is destroyed");
      assertErased(erased);
      restart();
      assertErased(erased);
      assertTrue(host("alpha").getErased());
      assertEquals(
          "one", Files.readString(restored(beta, shared).resolve("small")), "beta's is its own");
      assertEquals(
          answer.getErasedMillis(),
          admin.keys().eraseHost("alpha", "erase alpha").getErasedMillis(),
          "again does nothing");
    }
  }

  private void assertErased(SnapshotId erased) throws Exception {
    Snapshot shown = admin.snapshot(erased.toString());
    assertEquals(SnapshotState.SNAPSHOT_STATE_ERASED, shown.getState());
    HoldfastException refused = assertCode(ErrorCode.HOST_ERASED, () -> listFiles(erased));
    assertTrue(refused.getMessage().contains("erased for good"), refused.getMessage());
    assertCode(ErrorCode.HOST_ERASED, () -> verify(erased.toString()));
    assertCode(
        ErrorCode.HOST_ERASED,
        () ->
            admin.restore(
                StartRestoreRequest.newBuilder()
                    .setHost("beta")
                    .setSnapshot(erased.toString())
                    .setOrder(
                        RestoreOrder.newBuilder()
                            .setTarget(ByteString.copyFromUtf8("/tmp/restored")))
                    .build(),
                event -> {}));
    VerifyResult all = verify("");
    assertEquals(0, all.getFaults());
    assertEquals(1, all.getErasedSnapshots());
    try (Recovery recovery = fleet.recover()) {
      assertCode(
          ErrorCode.KEY_UNAVAILABLE, () -> recovery.open(recovery.find(erased.toString())).close());
    }
  }

  @Test
  void shouldEraseOnlyWhatIsOutOfServiceUnheldAndMeant() throws Exception {
    SnapshotId snapshot = alpha.backup(source).snapshot();
    assertCode(ErrorCode.INVALID_ARGUMENT, () -> admin.keys().eraseHost("alpha", "erase alpha"));
    admin.decommissionHost("alpha");
    admin.setHold(
        SetHoldRequest.newBuilder()
            .setName("case-7")
            .setReason("court")
            .addSnapshots(snapshot.toString())
            .build());
    HoldfastException held =
        assertCode(ErrorCode.SNAPSHOT_HELD, () -> admin.keys().eraseHost("alpha", "erase alpha"));
    assertTrue(held.getMessage().contains("case-7"), held.getMessage());
    admin.releaseHold(ReleaseHoldRequest.newBuilder().setHold("case-7").setConfirmed(true).build());
    HoldfastException unmeant =
        assertCode(ErrorCode.CONFIRMATION_REQUIRED, () -> admin.keys().eraseHost("alpha", ""));
    assertTrue(unmeant.getMessage().contains("'erase alpha'"), unmeant.getMessage());
    assertTrue(Files.exists(recoveryKey("alpha")));
    admin.keys().eraseHost("alpha", "erase alpha");
    assertFalse(Files.exists(recoveryKey("alpha")));
  }

  @Test
  void retentionShouldLetAllOfAnErasedHostGoAtOnce() throws Exception {
    alpha.backup(source);
    Files.writeString(source.resolve("small"), "two");
    alpha.backup(source);
    admin.decommissionHost("alpha");
    admin.keys().eraseHost("alpha", "erase alpha");
    admin.confirmClock(true);
    admin.runRetention("");
    assertEquals(List.of(), snapshots(false));
    assertEquals(2, snapshots(true).size());
  }

  @Test
  void aKeyThatCameBackShouldBeDestroyedAgainAtTheNextStart() throws Exception {
    alpha.backup(source);
    Path key = recoveryKey("alpha");
    byte[] copy = Files.readAllBytes(key);
    admin.decommissionHost("alpha");
    admin.keys().eraseHost("alpha", "erase alpha");
    admin.close();
    fleet.stop();
    Files.write(key, copy);
    fleet.start();
    admin = fleet.admin();
    for (int i = 0; i < 100 && Files.exists(key); i++) {
      time.sleep(Duration.ofMillis(50));
    }
    assertFalse(Files.exists(key));
  }

  @Test
  void backupsShouldGoOnAcrossAKeyGeneration() throws Exception {
    SnapshotId before = alpha.backup(source).snapshot();
    assertEquals(2, admin.keys().rotateIds().getGeneration());
    Files.writeString(source.resolve("small"), "two");
    time.advance(Duration.ofSeconds(1));
    BackupResult first = alpha.backup(source);
    assertTrue(
        first.counters().uploadedPlainBytes() < FILE_BYTES / 2,
        "what is unchanged is carried over");
    assertEquals("one", Files.readString(restored(alpha, before).resolve("small")));
    Path both = restored(alpha, first.snapshot());
    assertEquals("two", Files.readString(both.resolve("small")));
    assertEquals(-1, Files.mismatch(source.resolve("large"), both.resolve("large")));
    assertEquals(0, verify("").getFaults());
    listFiles(before);
    listFiles(first.snapshot());
    restart();
    alpha.close();
    alpha = fleet.host("alpha"); // as after a restart of the agent
    BackupResult unchanged = alpha.backup(source);
    assertTrue(
        unchanged.counters().uploadedPlainBytes() < 4096,
        "no more than the directories above, in which the restore lies: "
            + unchanged.counters().uploadedPlainBytes());
    try (HostIdentity identity = HostIdentity.load(fleet.state("alpha"), fleet.randomness)) {
      assertEquals(2, identity.grant().generations().all().size());
    }
    try (Recovery recovery = fleet.recover()) {
      recovery.open(recovery.find(before.toString())).close();
      recovery.open(recovery.find(first.snapshot().toString())).close();
    }
  }

  /** Backs up after one block of the large file was changed in its place. */
  private BackupResult changedInPlace(int at) throws Exception {
    try (FileChannel file = FileChannel.open(source.resolve("large"), StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), at);
    }
    time.advance(Duration.ofSeconds(1));
    return alpha.backup(source);
  }

  @Test
  void aFileThatIsChangedInPlaceShouldBeStoredWholeOnceAndThenByItsChangesAgain() throws Exception {
    alpha.backup(source);
    changedInPlace(100_000);
    assertTrue(changedInPlace(200_000).counters().uploadedPlainBytes() < FILE_BYTES / 4);
    admin.keys().rotateIds();
    assertTrue(changedInPlace(300_000).counters().uploadedPlainBytes() > FILE_BYTES / 2);
    BackupResult last = changedInPlace(400_000);
    assertTrue(last.counters().uploadedPlainBytes() < FILE_BYTES / 4, "by the new keys' map");
    assertEquals(0, verify("").getFaults());
    Path restored = restored(alpha, last.snapshot());
    assertEquals(-1, Files.mismatch(source.resolve("large"), restored.resolve("large")));
  }

  @Test
  void hostsOfOneGenerationShouldShareAndOthersNot() throws Exception {
    alpha.backup(source);
    assertEquals(0, verify("").getFaults());
    admin.keys().rotateIds();
    try (ProtectedHost beta = fleet.enrol("beta");
        ProtectedHost gamma = fleet.enrol("gamma")) {
      BackupResult first = beta.backup(source);
      assertTrue(first.counters().uploadedPlainBytes() >= FILE_BYTES, "a new deduplication");
      assertEquals(0, verify("").getFaults());
      BackupResult second = gamma.backup(source);
      assertTrue(second.counters().uploadedPlainBytes() < FILE_BYTES / 2, "shared with beta");
      assertEquals(first.root(), second.root());
    }
  }

  private FleetAuthority root() {
    return FleetAuthority.of(
        PemFiles.readCredential(fleet.root.resolve("coordinator/fleet-root.pem"), fleet.randomness),
        time,
        fleet.randomness);
  }

  private X509Certificate issuer(String host) {
    try (HostIdentity identity = HostIdentity.load(fleet.state(host), fleet.randomness)) {
      return identity.credential().current().chain().get(1);
    }
  }

  private CertificateRequest asked() {
    return CertificateRequest.verify(
        admin.keys().requestIssuingCa().getCertificateRequest().toByteArray());
  }

  private void renewed(String host) {
    try (HostIdentity identity = HostIdentity.load(fleet.state(host), fleet.randomness);
        CoordinatorChannel channel =
            new CoordinatorChannel(
                List.of(fleet.endpoint()),
                TlsContexts.of(time).client(identity.credential(), identity.trust()))) {
      new Renewal(fleet.state(host), identity, channel, time, fleet.randomness).poll();
    }
  }

  @Test
  void aNewIssuingCaShouldCertifyWhileTheOldCertificatesLiveOn() throws Exception {
    SnapshotId before = alpha.backup(source).snapshot();
    X509Certificate old = issuer("alpha");
    admin.keys().installIssuingCa(Certificates.encodeChain(root().certify(asked(), "second")));
    try (ProtectedHost again = fleet.host("alpha")) {
      again.backup(source); // its certificate is of the old CA, the coordinator's of the new one
    }
    try (ProtectedHost beta = fleet.enrol("beta")) {
      beta.backup(source);
    }
    X509Certificate next = issuer("beta");
    assertNotEquals(old, next);
    restart();
    time.advance(Duration.ofDays(26));
    renewed("alpha");
    assertEquals(next, issuer("alpha"));
    alpha.close();
    alpha = fleet.host("alpha");
    alpha.backup(source);
    assertEquals("one", Files.readString(restored(alpha, before).resolve("small")));
    List<VerifyAuditEvent> events = new ArrayList<>();
    admin.audit().verify(events::add);
    assertTrue(events.getLast().getResult().getTerms() >= 3, "the new key began a term");
  }

  @Test
  void shouldTakeNoIssuingCaThatTheRootDidNotCertifyForTheNewestRequest() throws Exception {
    X509Certificate old = issuer("alpha");
    CertificateRequest first = asked();
    CertificateRequest second = asked();
    assertCode(
        ErrorCode.CERTIFICATE_INVALID,
        () ->
            admin.keys().installIssuingCa(Certificates.encodeChain(root().certify(first, "late"))));
    FleetAuthority other = FleetAuthority.create(root().fleet(), time, fleet.randomness);
    assertCode(
        ErrorCode.CERTIFICATE_INVALID,
        () ->
            admin
                .keys()
                .installIssuingCa(Certificates.encodeChain(other.certify(second, "forged"))));
    X509Certificate forged = other.certify(second, "forged").getFirst();
    assertCode(
        ErrorCode.CERTIFICATE_INVALID,
        () ->
            admin
                .keys()
                .installIssuingCa(Certificates.encodeChain(List.of(forged, root().certificate()))));
    fleet.enrol("beta").close();
    assertEquals(old, issuer("beta"));
  }

  private Optional<HoldfastException> opened(String passphrase) throws Exception {
    try (Passphrase words = Passphrase.of(passphrase.toCharArray());
        Recovery recovery =
            Recovery.open(
                new Recovery.Request(
                    fleet.vault(), Optional.empty(), directory.resolve("scratch-" + ++targets)),
                words,
                FileSystem.local(),
                fleet.randomness)) {
      recovery.open(recovery.find("latest")).close();
      return Optional.empty();
    } catch (HoldfastException e) {
      return Optional.of(e);
    }
  }

  @Test
  void anotherPassphraseShouldOpenTheVaultAndTheOldOneNoLonger() throws Exception {
    alpha.backup(source);
    admin.keys().rotateIds();
    RecoveryKit kit;
    try (Passphrase next = Passphrase.of("another four random words".toCharArray())) {
      kit = PassphraseChange.run(fleet.config, next, Optional.empty(), it -> {}, fleet.randomness);
    }
    assertEquals(kit.print(), admin.exportKeys(), "the coordinator goes on, and shows the new kit");
    assertEquals(Optional.empty(), opened("another four random words"));
    assertEquals(
        Optional.of(ErrorCode.PASSPHRASE_WRONG),
        opened(Fleet.PASSPHRASE).map(HoldfastException::code));
    restart();
    alpha.backup(source);
  }

  @Test
  void aRevokedHostShouldNotLearnANewGeneration() throws Exception {
    alpha.backup(source);
    admin.revokeHost("alpha");
    admin.keys().rotateIds();
    assertCode(ErrorCode.HOST_REVOKED, () -> alpha.backup(source));
    try (HostIdentity identity = HostIdentity.load(fleet.state("alpha"), fleet.randomness)) {
      assertEquals(1, identity.grant().generations().all().size());
    }
  }
}
