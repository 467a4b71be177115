package io.holdfast.deploy.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.agent.backup.BackupResult;
import io.holdfast.agent.restore.Findings;
import io.holdfast.agent.restore.RestoreLimits;
import io.holdfast.agent.restore.RestorePlan;
import io.holdfast.agent.restore.RestoreResult;
import io.holdfast.agent.testkit.FileTree;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.key.Passphrase;
import io.holdfast.common.key.RecoveryKit;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.snapshot.OpenSnapshot;
import io.holdfast.common.testkit.Trees;
import io.holdfast.coordinator.node.CatalogMaintenance;
import io.holdfast.coordinator.node.KeyImport;
import io.holdfast.coordinator.recovery.CatalogRebuild;
import io.holdfast.coordinator.recovery.RecoverableSnapshot;
import io.holdfast.coordinator.recovery.Recovery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes back when parts of coordinator and vault are lost or damaged. */
class VaultLossTest {
  @TempDir static Path shared;
  @TempDir Path directory;

  private static Fleet original;
  private static Path source;
  private static FileTree tree;
  private static BackupResult first;
  private static BackupResult second;

  private Fleet fleet;
  private ProtectedHost host;

  /** Two snapshots, of which the second has one file more; then the coordinator stops. */
  @BeforeAll
  static void backUp() throws Exception {
    original = Fleet.found(shared.resolve("fleet"));
    source = Files.createDirectories(shared.resolve("source"));
    FileTree.empty()
        .directory("a")
        .mode(0750)
        .file("a/first.bin", BackupAndRestoreTest.noise(3 << 20, 1))
        .file("a/small", "small")
        .directory("b")
        .file("b/second.bin", BackupAndRestoreTest.noise(3 << 20, 2))
        .file("b/third.bin", BackupAndRestoreTest.noise(3 << 20, 3))
        .hardLink("b/zeroth.bin", "b/second.bin")
        .writeTo(source);
    try (ProtectedHost host = original.enrol("alpha")) {
      first = host.backup(source);
      Files.writeString(source.resolve("late"), "in the second snapshot");
      second = host.backup(source);
    }
    original.stop(); // which writes the copies that no page pack took
    tree = FileTree.read(source);
  }

  @BeforeEach
  void copy() throws Exception {
    fleet = Fleet.copyOf(original, directory.resolve("fleet"));
    host = fleet.host("alpha");
  }

  @AfterEach
  void close() {
    host.close();
    fleet.close();
  }

  private Path target() {
    return directory.resolve("target");
  }

  private FileTree restored() throws Exception {
    return FileTree.read(target().resolve(source.toString().substring(1)));
  }

  private RestoreResult recover(Recovery recovery, String name) throws Exception {
    try (OpenSnapshot snapshot = recovery.open(recovery.find(name))) {
      return host.restore(snapshot, target(), RestorePlan.EVERYTHING, RestoreLimits.STANDARD);
    }
  }

  private StoredPacks packs() throws IOException {
    return StoredPacks.of(fleet.vault());
  }

  private static void flip(Path file, long offset) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) offset] ^= 0x10;
    Files.write(file, bytes);
  }

  private Set<String> pathsThatNeed(Set<ChunkRef> chunks) throws Exception {
    try (Recovery recovery = fleet.recover();
        OpenSnapshot snapshot = recovery.open(recovery.find("latest"))) {
      return StoredPacks.pathsThatNeed(chunks, snapshot);
    }
  }

  @Test
  void shouldRecoverFromTheVaultAndThePassphraseAlone() throws Exception {
    Trees.delete(fleet.root.resolve("coordinator"));

    try (Recovery recovery = fleet.recover()) {
      assertEquals(Recovery.Way.JOURNAL, recovery.way());
      List<RecoverableSnapshot> all = new ArrayList<>();
      recovery.forEach(all::add);
      assertEquals(
          List.of(second.snapshot(), first.snapshot()),
          all.stream().map(each -> each.stored().id()).toList());
      assertEquals("alpha", all.getFirst().details().getHostName());
      RestoreResult result = recover(recovery, "latest:alpha");
      assertEquals(List.of(), result.findings().failures());
    }
    assertEquals(List.of(), tree.differences(restored()));
  }

  @Test
  void shouldRecoverByFootersIfTheJournalIsGone() throws Exception {
    Trees.delete(fleet.root.resolve("coordinator"));
    Trees.delete(fleet.vault().resolve("journal"));

    try (Recovery recovery = fleet.recover()) {
      assertEquals(Recovery.Way.FOOTERS, recovery.way());
      String id = second.snapshot().toString();
      RestoreResult result = recover(recovery, id.substring(0, 10));
      assertEquals(List.of(), result.findings().failures());
    }
    assertEquals(List.of(), tree.differences(restored()));
  }

  @Test
  void shouldRecoverByFootersIfTheJournalIsDamaged() throws Exception {
    flip(fleet.vault().resolve("journal/00000000000000000004"), 200);

    try (Recovery recovery = fleet.recover()) {
      assertEquals(Recovery.Way.FOOTERS, recovery.way());
      assertFalse(recovery.findings().isEmpty());
      assertEquals(second.snapshot(), recovery.find("latest").stored().id());
      RestoreResult result = recover(recovery, "latest");
      assertEquals(List.of(), result.findings().failures());
    }
    assertEquals(List.of(), tree.differences(restored()));
  }

  @Test
  void shouldNotBelieveACopyThatWasChanged() throws Exception {
    Trees.delete(fleet.vault().resolve("journal"));
    for (StoredPacks.Pack pack : packs().all()) {
      for (int offset : pack.middlesOfCopies()) {
        flip(pack.file(), offset);
      }
    }

    try (Recovery recovery = fleet.recover()) {
      HoldfastException thrown =
          assertThrows(HoldfastException.class, () -> recovery.find("latest"));
      assertEquals(ErrorCode.SNAPSHOT_NOT_FOUND, thrown.code());
      assertTrue(recovery.findings().stream().anyMatch(text -> text.contains("copy of snapshot")));
    }
  }

  @Test
  void shouldRebuildALostCatalogAndGoOn() throws Exception {
    Trees.delete(fleet.catalog());

    CatalogRebuild.Rebuilt rebuilt = CatalogMaintenance.rebuild(fleet.config, fleet.randomness);
    assertEquals(2, rebuilt.snapshots());
    assertEquals(0, rebuilt.unreadPacks());
    fleet.start();

    host.restore(second.snapshot(), target(), RestorePlan.EVERYTHING);
    assertEquals(List.of(), tree.differences(restored()));
    assertTrue(host.backup(source).counters().uploadedPlainBytes() < 1 << 20);
  }

  @Test
  void shouldNameTheFileWhosePackIsDamagedAndRestoreTheRest() throws Exception {
    StoredPacks.Pack pack = packs().largestOfContents();
    Set<String> lost = pathsThatNeed(Set.of(pack.largestChunk()));
    flip(pack.file(), pack.middleOfLargest());
    fleet.start();

    RestoreResult result = host.restore(second.snapshot(), target(), RestorePlan.EVERYTHING);

    assertLost(lost, result);
    assertTrue(result.findings().failures().getFirst().text().contains("pack " + pack.id()));
  }

  @Test
  void shouldRecoverWhatADamagedPackLeaves() throws Exception {
    StoredPacks.Pack pack = packs().largestOfContents();
    Set<String> lost = pathsThatNeed(Set.of(pack.largestChunk()));
    flip(pack.file(), pack.middleOfLargest());

    try (Recovery recovery = fleet.recover()) {
      assertLost(lost, recover(recovery, "latest"));
    }
  }

  @Test
  void shouldRecoverWhatALostPackLeaves() throws Exception {
    StoredPacks.Pack pack = packs().largestOfContents();
    Set<String> lost = pathsThatNeed(packs().onlyIn(pack));
    Files.delete(pack.file());
    Trees.delete(fleet.catalog());

    try (Recovery recovery = fleet.recover()) {
      assertLost(lost, recover(recovery, "latest"));
    }
  }

  /** Exactly these are missing and named. */
  private void assertLost(Set<String> paths, RestoreResult result) throws Exception {
    assertFalse(paths.isEmpty());
    assertFalse(result.isComplete());
    List<Findings.Failure> failures = result.findings().failures();
    assertEquals(
        paths,
        failures.stream().map(each -> each.path().toString()).collect(Collectors.toSet()),
        failures::toString);
    List<String> differences = tree.differences(restored());
    assertEquals(paths.size(), differences.size(), differences::toString);
    assertTrue(differences.stream().allMatch(text -> text.endsWith("missing")));
  }

  @Test
  void shouldRefuseAWrongPassphrase() throws Exception {
    try (Passphrase wrong = Passphrase.of("not the passphrase".toCharArray())) {
      HoldfastException thrown =
          assertThrows(
              HoldfastException.class,
              () ->
                  Recovery.open(
                      new Recovery.Request(
                          fleet.vault(), Optional.empty(), directory.resolve("scratch")),
                      wrong,
                      FileSystem.local(),
                      fleet.randomness));
      assertEquals(ErrorCode.PASSPHRASE_WRONG, thrown.code());
    }
  }

  @Test
  void shouldRecoverByTheKitIfTheVaultLostItsWraps() throws Exception {
    RecoveryKit kit =
        RecoveryKit.parse(Files.readString(fleet.root.resolve("coordinator/recovery-kit.txt")));
    Files.delete(fleet.vault().resolve("keys/master.1.passphrase"));

    HoldfastException without = assertThrows(HoldfastException.class, () -> fleet.recover());
    assertEquals(ErrorCode.KEY_UNAVAILABLE, without.code());
    try (Passphrase passphrase = Passphrase.of(Fleet.PASSPHRASE.toCharArray());
        Recovery recovery =
            Recovery.open(
                new Recovery.Request(fleet.vault(), Optional.of(kit), directory.resolve("scratch")),
                passphrase,
                FileSystem.local(),
                fleet.randomness)) {
      assertEquals(List.of(), recover(recovery, "latest").findings().failures());
    }
    assertEquals(List.of(), tree.differences(restored()));
  }

  /**
   * The vault, the kit and the passphrase are enough for a new coordinator that serves all hosts.
   */
  @Test
  void shouldServeAgainAfterTheCoordinatorsDiskWasLost() throws Exception {
    Path data = fleet.root.resolve("coordinator");
    RecoveryKit kit = RecoveryKit.parse(Files.readString(data.resolve("recovery-kit.txt")));
    Trees.delete(data);

    try (Passphrase passphrase = Passphrase.of(Fleet.PASSPHRASE.toCharArray())) {
      KeyImport.run(fleet.config, kit, passphrase, fleet.time, fleet.randomness);
    }
    fleet.start();

    RestoreResult result = host.restore(second.snapshot(), target(), RestorePlan.EVERYTHING);
    assertTrue(result.isComplete());
    assertEquals(List.of(), tree.differences(restored()));
  }

  @Test
  void shouldFindSnapshotsByWhatPeopleCallThem() throws Exception {
    try (Recovery recovery = fleet.recover()) {
      SnapshotId early = first.snapshot();
      assertEquals(early, recovery.find(early.toString().substring(0, 12)).stored().id());
      assertEquals(second.snapshot(), recovery.find("latest").stored().id());
      assertEquals(second.snapshot(), recovery.find("latest:alpha").stored().id());
      assertEquals(second.snapshot(), recovery.find("alpha@2100-01-01").stored().id());
      assertThrows(HoldfastException.class, () -> recovery.find("latest:beta"));
      assertThrows(HoldfastException.class, () -> recovery.find("alpha@2000-01-01"));
      assertThrows(HoldfastException.class, () -> recovery.find("no such name"));
    }
  }
}
