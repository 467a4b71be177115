package io.holdfast.deploy.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.agent.restore.RestorePlan;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.key.Passphrase;
import io.holdfast.common.key.RecoveryKit;
import io.holdfast.common.key.ServiceKey;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.testkit.ForwardingFileSystem;
import io.holdfast.coordinator.node.CatalogMaintenance;
import io.holdfast.coordinator.node.KeyImport;
import io.holdfast.coordinator.node.PassphraseChange;
import io.holdfast.coordinator.recovery.Recovery;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.proto.wire.v1.RotateMasterAnswer;
import io.holdfast.proto.wire.v1.VerifyEvent;
import io.holdfast.proto.wire.v1.VerifyLevel;
import io.holdfast.proto.wire.v1.VerifyRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** One master key after the other while a fleet backs up and restores, from end to end. */
@Timeout(300)
class MasterRotationTest {
  private static final String NEXT = "another four random words";

  @TempDir Path directory;

  private final MovableTime time = new MovableTime();
  private Fleet fleet;
  private Path source;
  private int targets;

  @BeforeEach
  void found() throws Exception {
    fleet = Fleet.found(directory.resolve("fleet"), time);
    source = Files.createDirectories(directory.resolve("source"));
    Files.writeString(source.resolve("file"), "one");
  }

  @AfterEach
  void stop() {
    fleet.close();
  }

  private static HoldfastException assertCode(ErrorCode code, Executable action) {
    HoldfastException thrown = assertThrows(HoldfastException.class, action);
    assertEquals(code, thrown.code(), thrown.getMessage());
    return thrown;
  }

  private RotateMasterAnswer rotate(String passphrase) {
    try (AdminLink admin = fleet.admin()) {
      return admin.keys().rotateMaster(passphrase.getBytes(StandardCharsets.UTF_8));
    }
  }

  private String kit() {
    try (AdminLink admin = fleet.admin()) {
      return admin.exportKeys();
    }
  }

  private String restored(ProtectedHost host, SnapshotId snapshot) throws Exception {
    Path target = directory.resolve("target" + ++targets);
    host.restore(snapshot, target, RestorePlan.EVERYTHING);
    return Files.readString(Path.of(target + source.toString()).resolve("file"));
  }

  private void assertAllGood() {
    try (AdminLink admin = fleet.admin()) {
      admin.verify(
          VerifyRequest.newBuilder().setLevel(VerifyLevel.VERIFY_LEVEL_PROVEN).build(),
          event -> {
            assertFalse(event.hasFault(), event.toString());
            if (event.getEventCase() == VerifyEvent.EventCase.RESULT) {
              assertEquals(0, event.getResult().getFaults(), event.toString());
            }
          });
    }
  }

  private void recovered(Path vault, Optional<String> kit, String words, SnapshotId... snapshots)
      throws Exception {
    try (Passphrase passphrase = Passphrase.of(words.toCharArray());
        Recovery recovery =
            Recovery.open(
                new Recovery.Request(
                    vault, kit.map(RecoveryKit::parse), directory.resolve("scratch" + ++targets)),
                passphrase,
                FileSystem.local(),
                fleet.randomness)) {
      assertEquals(Recovery.Way.JOURNAL, recovery.way(), recovery.findings().toString());
      for (SnapshotId snapshot : snapshots) {
        recovery.open(recovery.find(snapshot.toString())).close();
      }
    }
  }

  /** What the vault has in {@code keys/}, but for the ids of hosts. */
  private List<String> keys() throws IOException {
    Path keys = fleet.vault().resolve("keys");
    try (Stream<Path> all = Files.walk(keys)) {
      return all.filter(Files::isRegularFile)
          .map(file -> keys.relativize(file).toString())
          .map(name -> name.replaceFirst("/.*", "/"))
          .sorted()
          .toList();
    }
  }

  @Test
  void everythingShouldRestUnderTheNewMasterKeyAlone() throws Exception {
    String oldKit = kit();
    Path serviceKey = fleet.config.serviceKeyFile();
    byte[] oldService = Files.readAllBytes(serviceKey);
    Path copied = directory.resolve("copied");
    try (ProtectedHost alpha = fleet.enrol("alpha");
        ProtectedHost beta = fleet.enrol("beta")) {
      SnapshotId before = alpha.backup(source).snapshot();
      SnapshotId ofBeta = beta.backup(source).snapshot();
      try (AdminLink admin = fleet.admin()) {
        admin.decommissionHost("beta");
        admin.keys().eraseHost("beta", "erase beta");
      }
      fleet.stop();
      Fleet copy = Fleet.copyOf(fleet, copied);
      fleet.start();

      RotateMasterAnswer rotated = rotate(NEXT);
      assertEquals(2, rotated.getNumber());
      assertEquals(1, rotated.getHosts(), "an erased host's key is gone");
      assertEquals(List.of("host.2/", "master.2.passphrase", "master.2.service", "ring.2"), keys());
      assertNotEquals(
          List.of(oldService), List.of(Files.readAllBytes(serviceKey)), "another service key");
      assertEquals(rotated.getKit(), kit());

      Files.writeString(source.resolve("file"), "two");
      time.advance(java.time.Duration.ofSeconds(2));
      SnapshotId between = alpha.backup(source).snapshot();
      try (AdminLink admin = fleet.admin()) {
        admin.keys().rotateIds();
      }
      try (ProtectedHost gamma = fleet.enrol("gamma")) {
        gamma.backup(source);
      }
      assertAllGood();
      fleet.stop();
      fleet.start();
      assertEquals("one", restored(alpha, before));
      assertEquals("two", restored(alpha, between));
      SnapshotId after = alpha.backup(source).snapshot();
      assertAllGood();

      // Alone with the vault.
      recovered(fleet.vault(), Optional.empty(), NEXT, before, between, after);
      recovered(fleet.vault(), Optional.of(rotated.getKit()), NEXT, before, after);
      assertCode(
          ErrorCode.PASSPHRASE_WRONG,
          () -> recovered(fleet.vault(), Optional.empty(), Fleet.PASSPHRASE));
      assertCode(
          ErrorCode.KEY_UNAVAILABLE,
          () -> recovered(fleet.vault(), Optional.of(oldKit), Fleet.PASSPHRASE));
      recovered(copy.vault(), Optional.of(oldKit), Fleet.PASSPHRASE, before);
      assertCode(
          ErrorCode.KEY_UNAVAILABLE,
          () -> recovered(copy.vault(), Optional.of(oldKit), Fleet.PASSPHRASE, ofBeta));

      // A coordinator whose disk is lost.
      fleet.stop();
      Files.delete(serviceKey);
      assertTrue(
          assertCode(ErrorCode.KEY_UNAVAILABLE, () -> imported(oldKit, Fleet.PASSPHRASE))
              .getMessage()
              .contains("take the newer kit"));
      imported(rotated.getKit(), NEXT);
      CatalogMaintenance.rebuild(fleet.config, fleet.randomness);
      fleet.start();
      assertEquals("one", restored(alpha, before));
      assertEquals(3, rotate(NEXT).getNumber());
      assertAllGood();
      recovered(fleet.vault(), Optional.empty(), NEXT, before, between, after);
    }
  }

  private void imported(String kit, String words) {
    try (Passphrase passphrase = Passphrase.of(words.toCharArray())) {
      KeyImport.run(fleet.config, RecoveryKit.parse(kit), passphrase, fleet.time, fleet.randomness);
    }
  }

  @Test
  void aCopyMadeDuringARotationShouldBeRecoveredUnderBothKeys() throws Exception {
    try (ProtectedHost alpha = fleet.enrol("alpha");
        ProtectedHost beta = fleet.enrol("beta")) {
      SnapshotId first = alpha.backup(source).snapshot();
      SnapshotId second = beta.backup(source).snapshot();
      fleet.stop();
      Path before = Fleet.copyOf(fleet, directory.resolve("before")).vault().resolve("keys");
      fleet.start();
      rotate(Fleet.PASSPHRASE);
      fleet.stop();
      Path keys = Fleet.copyOf(fleet, directory.resolve("copy")).vault().resolve("keys");
      for (String old : List.of("master.1.passphrase", "master.1.service", "ring.1")) {
        Files.copy(before.resolve(old), keys.resolve(old));
      }
      String id = alpha.identity().record().host().toString();
      Files.createDirectories(keys.resolve("host"));
      Files.copy(before.resolve("host").resolve(id), keys.resolve("host").resolve(id));
      Files.delete(keys.resolve("host.2").resolve(id));
      recovered(keys.getParent(), Optional.empty(), Fleet.PASSPHRASE, first, second);
    }
  }

  @Test
  void aPassphraseShouldNotBeChangedWhileTheMasterKeyIs() throws Exception {
    Path next = fleet.config.serviceKeyFile().resolveSibling("service.key.next");
    List<RecoveryKit> kept = new ArrayList<>();
    try (ServiceKey key = ServiceKey.generate(fleet.randomness)) {
      key.writeFile(next); // as after the first step
    }
    assertCode(ErrorCode.BUSY, () -> change(kept::add));
    assertEquals(List.of(), kept);
    Files.delete(next);
    HoldfastException why =
        assertCode(
            ErrorCode.BUSY,
            () ->
                change(kit -> {
                  kept.add(kit);
                  rotate(NEXT);
                }));
    assertTrue(why.getMessage().contains("void"), why.getMessage());
    assertCode(
        ErrorCode.KEY_UNAVAILABLE,
        () -> recovered(fleet.vault(), Optional.of(kept.getFirst().print()), "yet other words"));
    recovered(fleet.vault(), Optional.empty(), NEXT);
  }

  private void change(Consumer<RecoveryKit> keep) {
    try (Passphrase passphrase = Passphrase.of("yet other words".toCharArray())) {
      PassphraseChange.run(fleet.config, passphrase, Optional.empty(), keep, fleet.randomness);
    }
  }

  /** A disk that takes so many more objects, and lets go of so many, as it is told to. */
  private static final class DyingFiles extends ForwardingFileSystem {
    private long left = Long.MAX_VALUE;

    DyingFiles() {
      super(FileSystem.local());
    }

    synchronized void dieAfter(long changes) {
      left = changes;
    }

    synchronized boolean isDead() {
      return left < 0;
    }

    private synchronized void count(Path path) throws IOException {
      boolean counts = path.toString().contains("/keys/") || path.toString().contains("/journal/");
      left -= counts && !isDead() ? 1 : 0;
      if (isDead()) {
        throw new IOException("this disk is dead");
      }
    }

    @Override
    public void link(Path existing, Path name) throws IOException {
      count(name);
      super.link(existing, name);
    }

    @Override
    public void delete(Path path) throws IOException {
      if (!path.getFileName().toString().contains("tmp")) {
        count(path);
      }
      super.delete(path);
    }
  }

  @Test
  void aCoordinatorThatDiesAtAnyStepShouldComeBackWithAllItsKeys() throws Exception {
    SnapshotId snapshot;
    try (ProtectedHost alpha = fleet.enrol("alpha");
        ProtectedHost beta = fleet.enrol("beta")) {
      snapshot = alpha.backup(source).snapshot();
      beta.backup(source);
    }
    fleet.stop();
    Fleet original = fleet;
    boolean isOver = false;
    int olds = 0;
    int news = 0;
    int doubts = 0;
    for (int step = 0; !isOver; step++) {
      fleet = Fleet.copyOf(original, directory.resolve("step" + step));
      DyingFiles files = new DyingFiles();
      fleet.start(files);
      files.dieAfter(step);
      try {
        rotate(NEXT);
        isOver = !files.isDead();
      } catch (HoldfastException died) {
        assertTrue(files.isDead(), died.getMessage());
        boolean isInDoubt = died.code() == ErrorCode.VAULT_OUTCOME_UNKNOWN;
        doubts += isInDoubt ? 1 : 0;
        assertTrue(!isInDoubt || fleet.failure().isPresent(), "it ends by itself");
      }
      fleet.stop();
      fleet.start();
      int number = keys().contains("master.2.service") ? 2 : 1;
      olds += number == 1 ? 1 : 0;
      news += number == 2 ? 1 : 0;
      String hosts = number == 1 ? "host/" : "host.2/";
      String ring = "ring." + number;
      assertEquals(
          List.of(
              hosts,
              hosts,
              "master." + number + ".passphrase",
              "master." + number + ".service",
              ring),
          keys(),
          "after " + step + " changes");
      assertFalse(Files.exists(fleet.config.serviceKeyFile().resolveSibling("service.key.next")));
      assertAllGood();
      try (ProtectedHost alpha = fleet.host("alpha")) {
        assertEquals("one", restored(alpha, snapshot));
      }
      recovered(fleet.vault(), Optional.empty(), number == 1 ? Fleet.PASSPHRASE : NEXT, snapshot);
      fleet.close();
    }
    assertTrue(olds > 3 && news > 3, olds + " went on under the old one, " + news + " not");
    assertTrue(doubts > 0, "none was in doubt");
  }
}
