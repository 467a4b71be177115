package io.holdfast.deploy.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.agent.enrolment.HostIdentity;
import io.holdfast.agent.node.AgentConfig;
import io.holdfast.agent.node.AgentService;
import io.holdfast.agent.node.OwnSnapshots;
import io.holdfast.agent.restore.RestorePlan;
import io.holdfast.agent.restore.RestoreResult;
import io.holdfast.common.config.ConfigLoader;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.identity.CertificateRequest;
import io.holdfast.common.identity.Certificates;
import io.holdfast.common.identity.FleetAuthority;
import io.holdfast.common.identity.PemFiles;
import io.holdfast.common.identity.PrivateRepository;
import io.holdfast.common.key.CertifiedRecoveryKey;
import io.holdfast.common.key.HostKeyPair;
import io.holdfast.common.key.Passphrase;
import io.holdfast.common.key.PrivateHostKeys;
import io.holdfast.common.key.RecoveryKit;
import io.holdfast.common.key.SecretFile;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.node.KeyImport;
import io.holdfast.coordinator.node.PassphraseChange;
import io.holdfast.coordinator.recovery.Recovery;
import io.holdfast.deploy.cli.SealedMasterChange;
import io.holdfast.deploy.cli.SealedRestore;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.FetchSealedKeysAnswer;
import io.holdfast.proto.wire.v1.Host;
import io.holdfast.proto.wire.v1.InstallRootAnswer;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.ListSealedKeysAnswer;
import io.holdfast.proto.wire.v1.RequestIssuingCaAnswer;
import io.holdfast.proto.wire.v1.RestoreOrder;
import io.holdfast.proto.wire.v1.RotateIdsAnswer;
import io.holdfast.proto.wire.v1.StartBackupRequest;
import io.holdfast.proto.wire.v1.StartRestoreRequest;
import io.holdfast.proto.wire.v1.VerifyEvent;
import io.holdfast.proto.wire.v1.VerifyLevel;
import io.holdfast.proto.wire.v1.VerifyRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Keys of a private repository that are replaced while its hosts back up, from end to end. */
@Timeout(300)
class PrivateKeyCareTest {
  private static final String NEXT = "another four random words";

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

  private void restart() throws Exception {
    admin.close();
    fleet.stop();
    fleet.start();
    admin = fleet.admin();
  }

  private FleetAuthority root() {
    return FleetAuthority.of(
        PemFiles.readCredential(fleet.root.resolve("coordinator/fleet-root.pem"), fleet.randomness),
        fleet.time,
        fleet.randomness);
  }

  private RecoveryKit kit() {
    return RecoveryKit.parse(admin.exportKeys());
  }

  private SealedMasterChange.Report replace(
      RecoveryKit kit, FleetAuthority root, String present, String next, List<String> kept) {
    try (Passphrase former = Passphrase.of(present.toCharArray());
        Passphrase words = Passphrase.of(next.toCharArray())) {
      return new SealedMasterChange(admin.keys(), kit, root, fleet.randomness)
          .run(former, words, kept::add);
    }
  }

  /** What the vault has in {@code keys/}, but for rings and the ids of hosts. */
  private List<String> keys() throws IOException {
    Path keys = fleet.vault().resolve("keys");
    try (Stream<Path> all = Files.walk(keys)) {
      return all.filter(Files::isRegularFile)
          .map(file -> keys.relativize(file).toString())
          .filter(name -> !name.startsWith("ring."))
          .map(name -> name.replaceFirst("/.*", "/"))
          .sorted()
          .toList();
    }
  }

  private String restored(ProtectedHost host, SnapshotId snapshot) throws Exception {
    Path target = directory.resolve("target" + ++targets);
    RestoreResult result = host.restore(snapshot, target, RestorePlan.EVERYTHING);
    assertEquals(List.of(), result.findings().failures());
    return Files.readString(Path.of(target + source.toString()).resolve("file"));
  }

  private void recovered(Path vault, Optional<RecoveryKit> kit, String words, SnapshotId... all)
      throws Exception {
    try (Passphrase passphrase = Passphrase.of(words.toCharArray());
        Recovery recovery =
            Recovery.open(
                new Recovery.Request(vault, kit, directory.resolve("scratch" + ++targets)),
                passphrase,
                FileSystem.local(),
                fleet.randomness)) {
      for (SnapshotId snapshot : all) {
        recovery.open(recovery.find(snapshot.toString())).close();
      }
    }
  }

  private void assertAllGood() {
    List<VerifyEvent> events = new ArrayList<>();
    admin.verify(
        VerifyRequest.newBuilder().setLevel(VerifyLevel.VERIFY_LEVEL_CHECKED).build(), events::add);
    assertEquals(0, events.getLast().getResult().getFaults(), events::toString);
  }

  private ByteString sealedFor(String reader, SnapshotId snapshot, RecoveryKit kit, String words) {
    FetchSealedKeysAnswer sealed = admin.keys().fetchSealedKeys(snapshot.toString(), reader);
    try (Passphrase passphrase = Passphrase.of(words.toCharArray())) {
      return SealedRestore.seal(sealed, kit, passphrase, fleet.randomness);
    }
  }

  // The master key and the recovery key.

  @Test
  void anotherRecoveryKeyShouldOpenEverythingAndTheOldOneNothing() throws Exception {
    RecoveryKit oldKit = kit();
    byte[] oldService = Files.readAllBytes(fleet.config.serviceKeyFile());
    Path copied = directory.resolve("copied");
    try (ProtectedHost alpha = fleet.enrol("alpha");
        ProtectedHost beta = fleet.enrol("beta")) {
      SnapshotId first = alpha.backup(source).snapshot();
      SnapshotId second = beta.backup(source).snapshot();
      admin.close();
      fleet.stop();
      copy(fleet.vault(), copied);
      fleet.start();
      admin = fleet.admin();
      assertEquals(
          List.of(
              "master.1.passphrase",
              "master.1.service",
              "recovery.passphrase",
              "sealed/",
              "sealed/"),
          keys());
      List<String> kept = new ArrayList<>();
      SealedMasterChange.Report done = replace(oldKit, root(), Fleet.PASSPHRASE, NEXT, kept);
      assertEquals(2, done.answer().getNumber());
      assertEquals(2, done.answer().getHosts());
      assertEquals(List.of(), done.unreadable());
      assertEquals(List.of(kit().print()), kept, "the kit that was kept is the one in use");
      assertEquals(
          List.of(
              "master.2.passphrase",
              "master.2.service",
              "recovery.2.passphrase",
              "sealed.2/",
              "sealed.2/"),
          keys());
      assertFalse(Arrays.equals(oldService, Files.readAllBytes(fleet.config.serviceKeyFile())));
      assertAllGood();

      // Hosts notice nothing, and what they hand in again brings no old object back.
      alpha.backup(source);
      try (ProtectedHost again = fleet.host("beta")) {
        Files.writeString(source.resolve("file"), "two");
        SnapshotId third = again.backup(source).snapshot();
        assertEquals("two", restored(again, third));
        assertEquals("one", restored(again, second));
        assertEquals(5, keys().size(), () -> "an old object came back");
        assertCode(
            ErrorCode.PASSPHRASE_WRONG,
            () -> recovered(fleet.vault(), Optional.empty(), Fleet.PASSPHRASE));
        recovered(fleet.vault(), Optional.empty(), NEXT, first, second, third);
        recovered(fleet.vault(), Optional.of(kit()), NEXT, first, second, third);
        Path lost =
            fleet
                .vault()
                .resolve("keys/sealed.2")
                .resolve(again.identity().record().host().toString());
        Files.delete(lost);
        try (ProtectedHost started = fleet.host("beta")) {
          started.backup(source);
        }
        recovered(fleet.vault(), Optional.empty(), NEXT, third);
        restart();
        assertEquals(kept, List.of(kit().print()));
        again.backup(source);
      }

      // Between hosts: by the new kit alone.
      assertFalse(sealedFor("beta", first, kit(), NEXT).isEmpty());
      HoldfastException old =
          assertCode(
              ErrorCode.KEY_UNAVAILABLE, () -> sealedFor("beta", first, oldKit, Fleet.PASSPHRASE));
      assertTrue(old.getMessage().contains("newest kit"), old.getMessage());

      // What README says stays exposed.
      recovered(copied, Optional.of(oldKit), Fleet.PASSPHRASE, first, second);
    }
    // New hosts seal to the new one.
    try (ProtectedHost gamma = fleet.enrol("gamma")) {
      SnapshotId late = gamma.backup(source).snapshot();
      recovered(fleet.vault(), Optional.empty(), NEXT, late);
      assertAllGood();
      replace(kit(), root(), NEXT, Fleet.PASSPHRASE, new ArrayList<>());
      recovered(fleet.vault(), Optional.empty(), Fleet.PASSPHRASE, late);
      assertEquals(6, keys().size());
      assertAllGood();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Path there = to.resolve(from.relativize(each).toString());
        if (Files.isDirectory(each)) {
          Files.createDirectories(there);
        } else {
          Files.copy(each, there);
        }
      }
    }
  }

  @Test
  void nothingShouldChangeByAWrongPassphraseKitOrRoot() throws Exception {
    try (ProtectedHost alpha = fleet.enrol("alpha")) {
      SnapshotId snapshot = alpha.backup(source).snapshot();
      List<String> before = keys();
      List<String> kept = new ArrayList<>();
      assertCode(ErrorCode.PASSPHRASE_WRONG, () -> replace(kit(), root(), NEXT, NEXT, kept));
      FleetAuthority stranger = FleetAuthority.create(root().fleet(), fleet.time, fleet.randomness);
      assertCode(
          ErrorCode.SIGNATURE_INVALID,
          () -> replace(kit(), stranger, Fleet.PASSPHRASE, NEXT, kept));
      assertEquals(List.of(), kept);
      RecoveryKit old = kit();
      replace(old, root(), Fleet.PASSPHRASE, NEXT, kept);
      assertCode(
          ErrorCode.KEY_UNAVAILABLE, () -> replace(old, root(), Fleet.PASSPHRASE, NEXT, kept));
      assertCode(
          ErrorCode.INVALID_ARGUMENT,
          () -> admin.keys().rotateMaster(NEXT.getBytes(StandardCharsets.UTF_8)));
      assertEquals(before.size(), keys().size());
      recovered(fleet.vault(), Optional.empty(), NEXT, snapshot);
    }
  }

  @Test
  void whatABrokenOffChangeLeftShouldGoAtTheNextStart() throws Exception {
    try (ProtectedHost alpha = fleet.enrol("alpha")) {
      SnapshotId snapshot = alpha.backup(source).snapshot();
      List<String> before = keys();
      ListSealedKeysAnswer begun = admin.keys().listSealedKeys(ByteString.EMPTY);
      admin.keys().putResealedKeys(begun.getAttempt(), begun.getLackingList());
      assertTrue(keys().contains("sealed.2/"), keys()::toString);
      restart();
      assertEquals(before, keys());
      assertCode(ErrorCode.CANCELLED, () -> admin.keys().listSealedKeys(begun.getAttempt()));
      recovered(fleet.vault(), Optional.empty(), Fleet.PASSPHRASE, snapshot);
      alpha.backup(source);
    }
  }

  @Test
  void aHostThatSealedGarbageShouldBeNamedAndHoldUpNobody() throws Exception {
    try (ProtectedHost alpha = fleet.enrol("alpha");
        ProtectedHost beta = fleet.enrol("beta")) {
      SnapshotId good = alpha.backup(source).snapshot();
      sealToNobody("beta", beta.identity());
      SnapshotId own = beta.backup(source).snapshot();
      SealedMasterChange.Report done =
          replace(kit(), root(), Fleet.PASSPHRASE, NEXT, new ArrayList<>());
      HostId host = beta.identity().record().host();
      assertEquals(List.of(host.toString()), done.unreadable());
      recovered(fleet.vault(), Optional.empty(), NEXT, good);
      assertEquals("one", restored(beta, own));
      assertAllGood();
    }
  }

  private void sealToNobody(String name, HostIdentity identity) {
    try (PrivateHostKeys keys =
            PrivateHostKeys.generate(identity.record().host(), fleet.randomness);
        HostKeyPair nobody = HostKeyPair.generate(fleet.randomness)) {
      SecretFile.write(
          fleet.state(name).root().resolve("identity/sealed-keys"),
          keys.seal(identity.record().repository(), nobody.publicKey(), fleet.randomness));
    }
  }

  @Test
  void aHostThatSealedToTheFormerKeyAndHandedNothingInShouldBeToldToEnrolAnew() throws Exception {
    try (ProtectedHost alpha = fleet.enrol("alpha")) {
      replace(kit(), root(), Fleet.PASSPHRASE, NEXT, new ArrayList<>());
      HoldfastException refused = assertCode(ErrorCode.KEY_UNAVAILABLE, () -> alpha.backup(source));
      assertTrue(refused.getMessage().contains("Enrol it anew"), refused.getMessage());
    }
  }

  @Test
  void anErasedHostShouldNotComeBackByAnotherKey() throws Exception {
    try (ProtectedHost alpha = fleet.enrol("alpha");
        ProtectedHost beta = fleet.enrol("beta")) {
      SnapshotId erased = alpha.backup(source).snapshot();
      SnapshotId kept = beta.backup(source).snapshot();
      admin.decommissionHost("alpha");
      admin.keys().eraseHost("alpha", "erase alpha");
      assertEquals(
          1, replace(kit(), root(), Fleet.PASSPHRASE, NEXT, new ArrayList<>()).answer().getHosts());
      recovered(fleet.vault(), Optional.empty(), NEXT, kept);
      assertCode(
          ErrorCode.KEY_UNAVAILABLE,
          () -> recovered(fleet.vault(), Optional.empty(), NEXT, erased));
      assertAllGood();
    }
  }

  private void importKit(RecoveryKit kit, String words) {
    try (Passphrase passphrase = Passphrase.of(words.toCharArray())) {
      KeyImport.run(fleet.config, kit, passphrase, fleet.time, fleet.randomness);
    }
  }

  @Test
  void theNewKitShouldBringKeysBackAndTheOldOneNothing() throws Exception {
    try (ProtectedHost alpha = fleet.enrol("alpha")) {
      SnapshotId snapshot = alpha.backup(source).snapshot();
      RecoveryKit old = kit();
      replace(old, root(), Fleet.PASSPHRASE, NEXT, new ArrayList<>());
      RecoveryKit next = kit();
      admin.close();
      fleet.stop();
      Files.delete(fleet.vault().resolve("keys/recovery.2.passphrase"));
      Files.delete(fleet.config.serviceKeyFile());
      recovered(fleet.vault(), Optional.of(next), NEXT, snapshot);
      assertCode(ErrorCode.KEY_UNAVAILABLE, () -> importKit(old, Fleet.PASSPHRASE));
      assertCode(ErrorCode.PASSPHRASE_WRONG, () -> importKit(next, Fleet.PASSPHRASE));
      importKit(next, NEXT);
      fleet.start();
      admin = fleet.admin();
      assertEquals(next.print(), kit().print());
      recovered(fleet.vault(), Optional.empty(), NEXT, snapshot);
      try (Passphrase present = Passphrase.of(NEXT.toCharArray());
          Passphrase third = Passphrase.of("a third set of words".toCharArray())) {
        PassphraseChange.run(
            fleet.config, third, Optional.of(present), kept -> {}, fleet.randomness);
      }
      recovered(fleet.vault(), Optional.empty(), "a third set of words", snapshot);
      assertAllGood();
    }
  }

  // The fleet's root.

  private FleetAuthority another() {
    return FleetAuthority.create(root().fleet(), fleet.time, fleet.randomness);
  }

  private InstallRootAnswer introduce(
      FleetAuthority present, FleetAuthority next, Optional<CertifiedRecoveryKey> recovery) {
    CertificateRequest request =
        CertificateRequest.verify(
            admin.keys().requestIssuingCa().getCertificateRequest().toByteArray());
    return admin
        .keys()
        .installRoot(
            Certificates.encode(next.certificate()),
            Certificates.encode(present.introduce(next.certificate())),
            Certificates.encode(next.certify(request, "next").getFirst()),
            recovery);
  }

  private Optional<CertifiedRecoveryKey> vouchedFor(FleetAuthority present, FleetAuthority next) {
    RequestIssuingCaAnswer asked = admin.keys().requestIssuingCa();
    return Optional.of(
        PrivateRepository.certifyAnew(
            RepositoryId.of(asked.getRepository().toByteArray()),
            CertifiedRecoveryKey.parse(asked.getRepositoryRecovery().toByteArray()),
            present.certificate(),
            next.key(),
            fleet.randomness));
  }

  @Test
  void anotherRootShouldVouchForTheRecoveryKey() throws Exception {
    FleetAuthority first = root();
    FleetAuthority second = another();
    try (ProtectedHost alpha = fleet.enrol("alpha")) {
      SnapshotId before = alpha.backup(source).snapshot();
      introduce(first, second, vouchedFor(first, second));
      alpha.backup(source); // its certificate is still of the first one
      try (ProtectedHost beta = fleet.enrol("beta")) {
        SnapshotId after = beta.backup(source).snapshot();
        restart();
        beta.backup(source);
        recovered(fleet.vault(), Optional.empty(), Fleet.PASSPHRASE, before, after);
        assertCode(
            ErrorCode.SIGNATURE_INVALID,
            () -> replace(kit(), first, Fleet.PASSPHRASE, NEXT, new ArrayList<>()));
        replace(kit(), second, Fleet.PASSPHRASE, NEXT, new ArrayList<>());
        recovered(fleet.vault(), Optional.empty(), NEXT, before, after);
        admin.keys().retireRoot(true); // alpha's agent doesn't run
        fleet.enrol("gamma").close();
        beta.backup(source);
      }
      assertAllGood();
    }
  }

  @Test
  void aRootThatVouchesForNothingOrForAnotherKeyShouldNotBeTaken() throws Exception {
    FleetAuthority first = root();
    FleetAuthority second = another();
    CertifiedRecoveryKey right = vouchedFor(first, second).orElseThrow();
    CertifiedRecoveryKey swapped =
        PrivateRepository.certify(
            kit().repository(),
            HostKeyPair.generate(fleet.randomness).publicKey(),
            second.key(),
            fleet.randomness);
    CertifiedRecoveryKey unsigned =
        new CertifiedRecoveryKey(right.publicKey(), swapped.signature());
    assertCode(ErrorCode.INVALID_ARGUMENT, () -> introduce(first, second, Optional.empty()));
    assertCode(ErrorCode.INVALID_ARGUMENT, () -> introduce(first, second, Optional.of(swapped)));
    assertCode(ErrorCode.SIGNATURE_INVALID, () -> introduce(first, second, Optional.of(unsigned)));
    assertCode(
        ErrorCode.SIGNATURE_INVALID,
        () ->
            PrivateRepository.certifyAnew(
                kit().repository(), swapped, first.certificate(), second.key(), fleet.randomness));
    assertEquals(1, admin.keys().listRoots().getRootsCount());
    introduce(first, second, Optional.of(right));
    assertEquals(2, admin.keys().listRoots().getRootsCount());
  }

  // The keys of one host.

  private AgentConfig config(String name) {
    String text =
        """
        version: 1
        data_dir: %s
        restore:
          allow: ["%s"]
        """
            .formatted(fleet.state(name).root(), directory.resolve("restored"));
    return new ConfigLoader<>(AgentConfig.class, variable -> Optional.empty())
        .parse("test", text, List.of())
        .value();
  }

  private List<Host> hosts(String name) {
    List<Host> found = new ArrayList<>();
    admin.hosts(host -> {
      if (host.getName().equals(name)) {
        found.add(host);
      }
    });
    return found;
  }

  private void awaitConnected(String name) throws InterruptedException {
    Time time = Time.system();
    long deadline = time.nanos() + Duration.ofMinutes(1).toNanos();
    while (hosts(name).stream().noneMatch(host -> host.getConnected() && !host.getRevoked())) {
      assertTrue(time.nanos() < deadline, () -> hosts(name).toString());
      time.sleep(Duration.ofMillis(20));
    }
  }

  private JobResult backup(String host) {
    List<JobResult> results = new ArrayList<>();
    admin.backup(
        StartBackupRequest.newBuilder()
            .setHost(host)
            .setOrder(
                BackupOrder.newBuilder().addSources(ByteString.copyFromUtf8(source.toString())))
            .build(),
        event -> {
          if (event.hasResult()) {
            results.add(event.getResult());
          }
        });
    JobResult result = results.getLast();
    assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, result.getOutcome(), result::toString);
    return result;
  }

  private ByteString idRoot(String name) {
    try (HostIdentity identity = HostIdentity.load(fleet.state(name), fleet.randomness)) {
      return ByteString.copyFrom(identity.grant().generations().current().idRoot().toByteArray());
    }
  }

  private String ownRestored(String name, SnapshotId snapshot) throws Exception {
    Path target = directory.resolve("own" + ++targets);
    JobResult result =
        new OwnSnapshots(fleet.state(name), List.of(), Time.system(), fleet.randomness)
            .restore(
                new OwnSnapshots.Request(
                    snapshot.toString(),
                    "",
                    List.of(),
                    target,
                    directory.resolve("scratch" + ++targets)),
                progress -> {});
    assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, result.getOutcome(), result::toString);
    return Files.readString(Path.of(target + source.toString()).resolve("file"));
  }

  @Test
  void aHostShouldBeginAnewWithKeysThatAreAllNewAndKeepItsHistory() throws Exception {
    fleet.enrol("web").close();
    byte[] large = new byte[2 << 20];
    new Random(1).nextBytes(large);
    Files.write(source.resolve("large"), large);
    AgentConfig config = config("web");
    try (AgentService _ = AgentService.start(config, fleet.time, fleet.randomness)) {
      awaitConnected("web");
      final ByteString oldRoot = idRoot("web");
      final SnapshotId before = SnapshotId.of(backup("web").getSnapshot().toByteArray());
      RotateIdsAnswer renewed = admin.keys().rotateIds("web");
      assertFalse(renewed.getNewHost().isEmpty(), renewed::toString);
      awaitConnected("web");
      assertNotEquals(oldRoot, idRoot("web"));
      Files.writeString(source.resolve("file"), "two");
      JobResult first = backup("web");
      assertTrue(first.getTotals().getUploadedPlainBytes() >= large.length, first::toString);
      SnapshotId after = SnapshotId.of(first.getSnapshot().toByteArray());
      JobResult second = backup("web");
      assertTrue(second.getTotals().getUploadedPlainBytes() < large.length, second::toString);

      // One of the name in service, the one before beside it as moved, and the history of both.
      List<Host> all = hosts("web");
      assertEquals(2, all.size(), all::toString);
      assertEquals(1, all.stream().filter(Host::getRevoked).count(), all::toString);
      assertEquals("one", ownRestored("web", before));
      assertEquals("two", ownRestored("web", after));
      recovered(fleet.vault(), Optional.empty(), Fleet.PASSPHRASE, before, after);
      HoldfastException refused =
          assertCode(ErrorCode.KEY_UNAVAILABLE, () -> restoreFromTheCentre(before));
      assertTrue(refused.getMessage().contains("--passphrase-file"), refused.getMessage());
      assertFalse(sealedFor("web", before, kit(), Fleet.PASSPHRASE).isEmpty());
      assertAllGood();

      // Again, with another recovery key.
      replace(kit(), root(), Fleet.PASSPHRASE, NEXT, new ArrayList<>());
      assertFalse(admin.keys().rotateIds("web").getNewHost().isEmpty());
      awaitConnected("web");
      SnapshotId third = SnapshotId.of(backup("web").getSnapshot().toByteArray());
      assertEquals("one", ownRestored("web", before));
      assertEquals("two", ownRestored("web", third));
      recovered(fleet.vault(), Optional.empty(), NEXT, before, after, third);
      assertEquals(3, hosts("web").size());
      assertAllGood();
    }
  }

  private void restoreFromTheCentre(SnapshotId snapshot) {
    admin.restore(
        StartRestoreRequest.newBuilder()
            .setHost("web")
            .setSnapshot(snapshot.toString())
            .setOrder(
                RestoreOrder.newBuilder()
                    .setTarget(
                        ByteString.copyFromUtf8(directory.resolve("restored/there").toString())))
            .build(),
        event -> {});
  }

  /** One that was enrolled under the former recovery key needs no hand on it either. */
  @Test
  void aHostThatSealedToTheFormerKeyShouldBeHelpedByBeginningAnew() throws Exception {
    fleet.enrol("web").close();
    replace(kit(), root(), Fleet.PASSPHRASE, NEXT, new ArrayList<>());
    try (AgentService _ = AgentService.start(config("web"), fleet.time, fleet.randomness)) {
      awaitConnected("web");
      assertFalse(admin.keys().rotateIds("web").getNewHost().isEmpty());
      awaitConnected("web");
      SnapshotId snapshot = SnapshotId.of(backup("web").getSnapshot().toByteArray());
      recovered(fleet.vault(), Optional.empty(), NEXT, snapshot);
    }
  }

  @Test
  void onlyAConnectedHostOfAPrivateRepositoryShouldBeginAnew() throws Exception {
    fleet.enrol("web").close();
    assertCode(ErrorCode.HOST_NOT_CONNECTED, () -> admin.keys().rotateIds("web"));
    assertEquals(1, hosts("web").size());
    assertFalse(hosts("web").getFirst().getRevoked());
    admin.revokeHost("web");
    assertCode(ErrorCode.HOST_REVOKED, () -> admin.keys().rotateIds("web"));
    try (Fleet shared = Fleet.found(directory.resolve("shared"));
        AdminLink there = shared.admin()) {
      shared.enrol("web").close();
      assertCode(ErrorCode.INVALID_ARGUMENT, () -> there.keys().rotateIds("web"));
    }
  }
}
