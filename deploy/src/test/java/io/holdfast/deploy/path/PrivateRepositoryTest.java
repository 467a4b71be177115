package io.holdfast.deploy.path;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.agent.backup.BackupResult;
import io.holdfast.agent.enrolment.Enrolment;
import io.holdfast.agent.enrolment.HostIdentity;
import io.holdfast.agent.restore.RestoreLimits;
import io.holdfast.agent.restore.RestorePlan;
import io.holdfast.agent.restore.RestoreResult;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.identity.EnrolmentToken;
import io.holdfast.common.key.HostRecoveryKey;
import io.holdfast.common.key.KeyGeneration;
import io.holdfast.common.key.KeyObject;
import io.holdfast.common.key.Passphrase;
import io.holdfast.common.key.PrivateHostKeys;
import io.holdfast.common.key.RecoveryKit;
import io.holdfast.common.key.RepositoryRecovery;
import io.holdfast.common.key.Secret;
import io.holdfast.common.key.ServiceKey;
import io.holdfast.common.key.Wrap;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.Time;
import io.holdfast.common.snapshot.OpenSnapshot;
import io.holdfast.coordinator.node.PassphraseChange;
import io.holdfast.coordinator.node.RepositoryUnlock;
import io.holdfast.coordinator.recovery.Recovery;
import io.holdfast.coordinator.vault.DirectoryVault;
import io.holdfast.coordinator.vault.Vault;
import io.holdfast.deploy.cli.SealedRestore;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.proto.wire.v1.CreateTokenRequest;
import io.holdfast.proto.wire.v1.FetchSealedKeysAnswer;
import io.holdfast.proto.wire.v1.FindFilesRequest;
import io.holdfast.proto.wire.v1.HostFacts;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.ListFilesRequest;
import io.holdfast.proto.wire.v1.RestoreOrder;
import io.holdfast.proto.wire.v1.SnapshotState;
import io.holdfast.proto.wire.v1.StatusAnswer;
import io.holdfast.proto.wire.v1.VerifyEvent;
import io.holdfast.proto.wire.v1.VerifyLevel;
import io.holdfast.proto.wire.v1.VerifyRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** A private repository from end to end: who can open what, and who can't. */
@Timeout(300)
class PrivateRepositoryTest {
  private static final int FILE_BYTES = 3 << 20;
  private static final Duration WITHIN = Duration.ofMinutes(1);

  @TempDir Path directory;

  private Fleet fleet;
  private AdminLink admin;
  private Path source;
  private int targets;

  @BeforeEach
  void found() throws Exception {
    fleet = Fleet.ofPrivateHosts(directory.resolve("fleet"), Time.system());
    admin = fleet.admin();
    source = Files.createDirectories(directory.resolve("source"));
    byte[] large = new byte[FILE_BYTES];
    new Random(1).nextBytes(large);
    Files.write(source.resolve("large"), large);
    Files.writeString(source.resolve("small"), "one");
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

  private void assertSame(Path target) throws IOException {
    Path restored = target.resolve(source.toString().substring(1));
    assertEquals("one", Files.readString(restored.resolve("small")));
    assertEquals(-1, Files.mismatch(source.resolve("large"), restored.resolve("large")));
  }

  private Path target() {
    return directory.resolve("target-" + ++targets);
  }

  private void assertRestores(ProtectedHost reader, OpenSnapshot snapshot) throws Exception {
    Path target = Files.createDirectories(target());
    RestoreResult result =
        reader.restore(snapshot, target, RestorePlan.EVERYTHING, RestoreLimits.STANDARD);
    assertTrue(result.isComplete(), () -> result.findings().failures().toString());
    assertSame(target);
  }

  private void awaitChecked(SnapshotId snapshot) throws InterruptedException {
    Time time = Time.system();
    long deadline = time.nanos() + WITHIN.toNanos();
    while (admin.snapshot(snapshot.toString()).getState() != SnapshotState.SNAPSHOT_STATE_CHECKED) {
      assertTrue(time.nanos() < deadline, () -> admin.snapshot(snapshot.toString()).toString());
      time.sleep(Duration.ofMillis(20));
    }
  }

  private List<VerifyEvent> verify(VerifyLevel level) {
    List<VerifyEvent> events = new ArrayList<>();
    admin.verify(VerifyRequest.newBuilder().setLevel(level).build(), events::add);
    return events;
  }

  // Backing up.

  @Test
  void hostsOfEqualContentShouldShareNothingAndBeCheckedAndNotProven() throws Exception {
    try (ProtectedHost alpha = fleet.enrol("alpha");
        ProtectedHost beta = fleet.enrol("beta")) {
      BackupResult first = alpha.backup(source);
      awaitChecked(first.snapshot());
      BackupResult second = beta.backup(source);
      awaitChecked(second.snapshot());
      assertNotEquals(first.root(), second.root());
      assertTrue(second.counters().uploadedPlainBytes() >= FILE_BYTES, "nothing is shared");
      BackupResult third = beta.backup(source);
      assertTrue(third.counters().uploadedPlainBytes() < FILE_BYTES / 2, "but with itself");
      StatusAnswer status = admin.status();
      assertTrue(status.getPrivateRepository());
      List<VerifyEvent> checked = verify(VerifyLevel.VERIFY_LEVEL_CHECKED);
      assertEquals(0, checked.getLast().getResult().getFaults(), checked::toString);
    }
  }

  @Test
  void nothingShouldBeTakenBeforeTheHostsSealedKeysAreThere() throws Exception {
    try (ProtectedHost alpha = fleet.enrol("alpha")) {
      alpha.handInNothing();
      HoldfastException refused = assertCode(ErrorCode.KEY_UNAVAILABLE, () -> alpha.backup(source));
      assertTrue(refused.getMessage().contains("sealed keys"), refused.getMessage());
    }
    try (ProtectedHost alpha = fleet.host("alpha")) {
      SnapshotId snapshot = alpha.backup(source).snapshot();
      Path object = keys(alpha);
      byte[] before = Files.readAllBytes(object);
      Files.delete(object); // as a vault that lost it
      try (ProtectedHost again = fleet.host("alpha")) {
        again.backup(source);
      }
      assertEquals(ByteString.copyFrom(before), ByteString.copyFrom(Files.readAllBytes(object)));
      try (Recovery recovery = fleet.recover();
          OpenSnapshot open = recovery.open(recovery.find(snapshot.toString()))) {
        assertRestores(alpha, open);
      }
    }
  }

  @Test
  void damageToSealedKeysShouldBeNamed() throws Exception {
    try (ProtectedHost alpha = fleet.enrol("alpha")) {
      alpha.backup(source);
      Path object = keys(alpha);
      byte[] changed = Files.readAllBytes(object);
      changed[changed.length / 2] ^= 1;
      Files.delete(object);
      Files.write(object, changed);
      List<VerifyEvent> events = verify(VerifyLevel.VERIFY_LEVEL_CHECKED);
      assertEquals(1, events.getLast().getResult().getFaults(), events::toString);
      assertTrue(
          events.stream()
              .anyMatch(event -> event.getFault().getError().getMessage().contains("keys/sealed/")),
          events::toString);
    }
  }

  private Path keys(ProtectedHost host) {
    return fleet.vault().resolve("keys/sealed").resolve(host.identity().record().host().toString());
  }

  @Test
  void aHostThatAsksForAPrivateRepositoryShouldGetNoOther() throws Exception {
    try (Fleet shared = Fleet.found(directory.resolve("shared"))) {
      assertCode(ErrorCode.INVALID_ARGUMENT, () -> enrolPrivately(shared, "gamma"));
      assertFalse(shared.state("gamma").isEnrolled());
    }
    enrolPrivately(fleet, "gamma");
    try (HostIdentity identity = HostIdentity.load(fleet.state("gamma"), fleet.randomness)) {
      assertTrue(identity.grant().isPrivate());
    }
  }

  private static void enrolPrivately(Fleet fleet, String name) {
    String token;
    try (AdminLink admin = fleet.admin()) {
      token =
          admin
              .createToken(
                  CreateTokenRequest.newBuilder().setHostName(name).setValidSeconds(60).build())
              .getToken();
    }
    try (EnrolmentToken parsed = EnrolmentToken.parse(token)) {
      new Enrolment(fleet.state(name), fleet.time, fleet.randomness)
          .enrol(parsed, HostFacts.newBuilder().setName(name).build(), true)
          .close();
    }
  }

  // Who can't open it.

  @Test
  void theCoordinatorShouldSayWhatItCannotDoWithoutKeys() throws Exception {
    try (ProtectedHost alpha = fleet.enrol("alpha")) {
      SnapshotId snapshot = alpha.backup(source).snapshot();
      HoldfastException refused =
          assertCode(
              ErrorCode.KEY_UNAVAILABLE,
              () ->
                  admin.files(
                      ListFilesRequest.newBuilder().setSnapshot(snapshot.toString()).build(),
                      file -> {}));
      assertTrue(refused.getMessage().contains("holdfast recover"), refused.getMessage());
      assertCode(
          ErrorCode.KEY_UNAVAILABLE,
          () ->
              admin.find(
                  FindFilesRequest.newBuilder()
                      .setSnapshot(snapshot.toString())
                      .setPattern("**")
                      .build(),
                  file -> {}));
      assertCode(ErrorCode.KEY_UNAVAILABLE, () -> verify(VerifyLevel.VERIFY_LEVEL_PROVEN));
      assertCode(ErrorCode.KEY_UNAVAILABLE, () -> admin.keys().rotateIds());
      fleet.stop();
      fleet.start();
      alpha.backup(source);
    }
  }

  @Test
  void nothingAtTheCentreShouldOpenAnything() throws Exception {
    try (ProtectedHost alpha = fleet.enrol("alpha")) {
      awaitChecked(alpha.backup(source).snapshot());
      fleet.stop();
      RepositoryId repository = alpha.identity().record().repository();
      HostId host = alpha.identity().record().host();
      byte[] object = Files.readAllBytes(keys(alpha));
      KeyObject recovery = KeyObject.recoveryUnderPassphrase(repository);
      byte[] wrap = Files.readAllBytes(fleet.vault().resolve(recovery.name()));
      try (Vault vault = DirectoryVault.open(FileSystem.local(), fleet.randomness, fleet.vault());
          ServiceKey service = ServiceKey.readFile(fleet.config.serviceKeyFile());
          RepositoryUnlock unlock = RepositoryUnlock.byService(vault, service)) {
        assertCode(ErrorCode.KEY_UNAVAILABLE, () -> unlock.keys().generations());
        assertThrows(
            HoldfastException.class,
            () -> HostRecoveryKey.open(repository, host, object, unlock.master()));
        assertCode(ErrorCode.KEY_UNAVAILABLE, () -> Wrap.open(recovery, wrap, service));
      }
      try (Passphrase passphrase = Passphrase.of(Fleet.PASSPHRASE.toCharArray())) {
        Map<String, byte[]> secrets =
            secrets(alpha, RepositoryRecovery.unwrap(repository, wrap, passphrase), object);
        assertEquals(9, secrets.size());
        assertNowhere(secrets, fleet.vault());
        assertNowhere(secrets, fleet.root.resolve("coordinator"));
      }
    }
  }

  /** Everything from which something follows that opens a chunk. */
  private static Map<String, byte[]> secrets(
      ProtectedHost host, io.holdfast.common.key.HostKeyPair recovery, byte[] object) {
    Map<String, byte[]> secrets = new LinkedHashMap<>();
    HostIdentity identity = host.identity();
    KeyGeneration generation = identity.grant().generations().current();
    secrets.put("id root", generation.idRoot().toByteArray());
    secrets.put("gear secret", generation.gearSecret().toByteArray());
    for (ChunkKind kind : ChunkKind.values()) {
      try (Secret key = generation.idKey(kind)) {
        secrets.put("id key " + kind, key.toByteArray());
      }
    }
    secrets.put("encryption key", identity.encryptionKey().privateKey().toByteArray());
    secrets.put("repository's recovery key", recovery.privateKey().toByteArray());
    try (PrivateHostKeys keys =
        PrivateHostKeys.open(
            identity.record().repository(), identity.record().host(), object, recovery)) {
      secrets.put("host's recovery key", keys.recoveryKey().privateKey().toByteArray());
    }
    return secrets;
  }

  private static void assertNowhere(Map<String, byte[]> secrets, Path top) throws IOException {
    try (Stream<Path> all = Files.walk(top)) {
      for (Path file :
          all.filter(each -> Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS)).toList()) {
        String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        secrets.forEach((name, secret) ->
            assertFalse(
                content.contains(new String(secret, StandardCharsets.ISO_8859_1)),
                () -> "the " + name + " lies in " + file));
      }
    }
  }

  // Restoring.

  @Test
  void aHostShouldRestoreItsOwnAndAnothersByThePassphraseAlone() throws Exception {
    try (ProtectedHost beta = fleet.enrol("beta");
        OrderedHost alpha = new OrderedHost(fleet, directory.resolve("alpha"))) {
      ByteString own =
          alpha
              .mustBackup(
                  io.holdfast.proto.wire.v1.BackupOrder.newBuilder()
                      .addSources(OrderedHost.bytes(source.toString())))
              .getSnapshot();
      assertSame(alpha.restore(own));
      SnapshotId others = beta.backup(source).snapshot();
      RestoreOrder.Builder order = RestoreOrder.newBuilder();
      Path target = directory.resolve("alpha").resolve("restored").resolve("granted");
      order.setTarget(OrderedHost.bytes(target.toString()));
      ByteString snapshot = ByteString.copyFrom(others.toByteArray());
      HoldfastException refused =
          assertCode(ErrorCode.KEY_UNAVAILABLE, () -> alpha.restore(snapshot, order));
      assertTrue(refused.getMessage().contains("--passphrase-file"), refused.getMessage());
      assertCode(ErrorCode.PASSPHRASE_WRONG, () -> sealed(others, "wrong horse battery staple"));
      order.setSealedKeys(sealed(others, Fleet.PASSPHRASE));
      JobResult result = alpha.restore(snapshot, order);
      assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, result.getOutcome(), result::toString);
      assertSame(target);
      assertNotOfUseForAnother(alpha, beta, order);
    }
  }

  /** Keys of one restore open that snapshot for that host, and nothing else. */
  private void assertNotOfUseForAnother(
      OrderedHost alpha, ProtectedHost beta, RestoreOrder.Builder order) throws Exception {
    Files.writeString(source.resolve("small"), "two");
    ByteString later = ByteString.copyFrom(beta.backup(source).snapshot().toByteArray());
    JobResult result = alpha.restore(later, order);
    assertEquals(JobOutcome.JOB_OUTCOME_FAILED, result.getOutcome(), result::toString);
    order.setSealedKeys(ByteString.copyFrom(new byte[100]));
    assertEquals(JobOutcome.JOB_OUTCOME_FAILED, alpha.restore(later, order).getOutcome());
  }

  private ByteString sealed(SnapshotId snapshot, String words) throws Exception {
    FetchSealedKeysAnswer sealed =
        admin.keys().fetchSealedKeys(snapshot.toString(), OrderedHost.NAME);
    RecoveryKit kit = RecoveryKit.parse(admin.exportKeys());
    try (Passphrase passphrase = Passphrase.of(words.toCharArray())) {
      return SealedRestore.seal(sealed, kit, passphrase, fleet.randomness);
    }
  }

  @Test
  void recoverShouldOpenEveryHostsSnapshotsWithThePassphrase() throws Exception {
    try (ProtectedHost alpha = fleet.enrol("alpha");
        ProtectedHost beta = fleet.enrol("beta")) {
      SnapshotId first = alpha.backup(source).snapshot();
      SnapshotId second = beta.backup(source).snapshot();
      fleet.stop();
      for (SnapshotId each : List.of(first, second)) {
        try (Recovery recovery = fleet.recover();
            OpenSnapshot open = recovery.open(recovery.find(each.toString()))) {
          assertRestores(alpha, open);
        }
      }
    }
  }

  @Test
  void anErasedHostShouldBeOpenedByNobodyAtTheCentre() throws Exception {
    try (ProtectedHost alpha = fleet.enrol("alpha");
        ProtectedHost beta = fleet.enrol(OrderedHost.NAME + "2")) {
      SnapshotId erased = alpha.backup(source).snapshot();
      SnapshotId kept = beta.backup(source).snapshot();
      Path key = keys(alpha);
      assertTrue(Files.exists(key));
      admin.decommissionHost("alpha");
      admin.keys().eraseHost("alpha", "erase alpha");
      assertFalse(Files.exists(key), "its sealed keys are destroyed");
      assertCode(
          ErrorCode.HOST_ERASED,
          () -> admin.keys().fetchSealedKeys(erased.toString(), OrderedHost.NAME + "2"));
      try (Recovery recovery = fleet.recover()) {
        assertCode(
            ErrorCode.KEY_UNAVAILABLE,
            () -> recovery.open(recovery.find(erased.toString())).close());
        recovery.open(recovery.find(kept.toString())).close();
      }
    }
  }

  private RecoveryKit change(
      Passphrase next, Optional<Passphrase> present, Consumer<RecoveryKit> keep) {
    return PassphraseChange.run(fleet.config, next, present, keep, fleet.randomness);
  }

  @Test
  void aPassphraseShouldBeChangedByWhoeverKnowsIt() throws Exception {
    try (ProtectedHost alpha = fleet.enrol("alpha");
        Passphrase next = Passphrase.of("another four random words".toCharArray());
        Passphrase present = Passphrase.of(Fleet.PASSPHRASE.toCharArray())) {
      SnapshotId snapshot = alpha.backup(source).snapshot();
      assertCode(ErrorCode.INVALID_ARGUMENT, () -> change(next, Optional.empty(), kit -> {}));
      assertCode(ErrorCode.PASSPHRASE_WRONG, () -> change(next, Optional.of(next), kit -> {}));
      assertThrows(
          IllegalStateException.class,
          () ->
              change(
                  next,
                  Optional.of(present),
                  kit -> {
                    throw new IllegalStateException("no paper");
                  }));
      fleet.recover().close(); // a kit that wasn't kept changed nothing
      List<RecoveryKit> kept = new ArrayList<>();
      RecoveryKit kit =
          change(
              next,
              Optional.of(present),
              it -> {
                assertDoesNotThrow(() -> fleet.recover().close(), "kept before the first deletion");
                kept.add(it);
              });
      assertEquals(List.of(kit.print()), kept.stream().map(RecoveryKit::print).toList());
      assertEquals(kit.print(), admin.exportKeys());
      assertCode(ErrorCode.PASSPHRASE_WRONG, () -> fleet.recover().close());
      Recovery.Request request =
          new Recovery.Request(fleet.vault(), Optional.of(kit), directory.resolve("scratch"));
      try (Recovery recovery = Recovery.open(request, next, FileSystem.local(), fleet.randomness)) {
        recovery.open(recovery.find(snapshot.toString())).close();
      }
    }
  }
}
