package io.holdfast.coordinator.vault;

import static io.holdfast.coordinator.vault.VaultContract.assertFails;
import static io.holdfast.coordinator.vault.VaultContract.bytes;
import static io.holdfast.coordinator.vault.VaultContract.read;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.testkit.DiskFault;
import io.holdfast.common.testkit.FileOperation;
import io.holdfast.common.testkit.LossyFileSystem;
import io.holdfast.common.testkit.OperationHook;
import io.holdfast.common.testkit.PowerLoss;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DirectoryVaultTest {
  private static final ObjectName NAME = ObjectName.of("journal/1");
  private static final Path MARKER = LossyVault.ROOT.resolve("vault.json");
  private static final Path TEMPORARY = LossyVault.ROOT.resolve("tmp");

  private final LossyVault lossy = LossyVault.founded(1);
  private final DirectoryVault vault = lossy.open();

  private static CreateOutcome create(Vault vault, String content) {
    return vault.create(NAME, bytes(content));
  }

  @Test
  void shouldNameVaultAndRepositoryInItsMarkerForEver() throws IOException {
    byte[] marker =
        ("{\"kind\":\"holdfast vault\",\"format\":1,"
                + "\"vault\":\"00000000000000050000000000000006\","
                + "\"repository\":\"00000000000000030000000000000004\"}\n")
            .getBytes(UTF_8);
    lossy.disk.damage(MARKER, _ -> marker);
    VaultIdentity identity = lossy.open().identity();
    assertEquals(new UUID(5, 6), identity.vault().value());
    assertEquals(LossyVault.REPOSITORY, identity.repository());
    assertEquals(new String(marker, UTF_8), new String(VaultMarker.encode(identity), UTF_8));
  }

  @Test
  void shouldRefuseADirectoryThatIsNoVault() throws IOException {
    LossyFileSystem mount = LossyVault.blank(1).disk.mount();
    assertFails(ErrorCode.VAULT_FOREIGN, () -> open(mount));
    mount.createDirectory(LossyVault.ROOT);
    assertFails(ErrorCode.VAULT_FOREIGN, () -> open(mount));
    mount.createFile(LossyVault.ROOT.resolve("holiday.jpg")).close();
    HoldfastException refusal = assertFails(ErrorCode.VAULT_FOREIGN, () -> found(mount));
    assertTrue(refusal.getMessage().contains("holiday.jpg"), refusal::getMessage);
    assertFalse(mount.exists(MARKER));
  }

  private void open(FileSystem mount) {
    DirectoryVault.open(mount, lossy.randomness(), LossyVault.ROOT).close();
  }

  private void found(FileSystem mount) {
    DirectoryVault.create(mount, lossy.randomness(), LossyVault.ROOT, LossyVault.REPOSITORY)
        .close();
  }

  @Test
  void shouldRefuseAnotherRepositorysVault() {
    RepositoryId other = new RepositoryId(new UUID(9, 9));
    LossyFileSystem mount = lossy.disk.mount();
    assertFails(
        ErrorCode.VAULT_FOREIGN,
        () -> DirectoryVault.open(mount, lossy.randomness(), LossyVault.ROOT, other).close());
  }

  @Test
  void shouldRefuseAnUnknownFormatNamingBoth() {
    lossy.disk.damage(MARKER, old -> new String(old, UTF_8).replace(":1,", ":7,").getBytes(UTF_8));
    HoldfastException refusal = assertFails(ErrorCode.UNKNOWN_VERSION, () -> lossy.open().close());
    assertTrue(refusal.getMessage().contains("format 7"), refusal::getMessage);
    assertTrue(refusal.getMessage().contains("format 1"), refusal::getMessage);
  }

  @Test
  void shouldRefuseADamagedMarker() {
    for (String damaged : List.of("", "{", "[]", "{\"kind\":\"other\"}", "x".repeat(5000))) {
      lossy.disk.damage(MARKER, _ -> damaged.getBytes(UTF_8));
      assertFails(ErrorCode.VAULT_FOREIGN, () -> lossy.open().close());
    }
    lossy.disk.damage(
        MARKER, _ -> "{\"kind\":\"holdfast vault\",\"format\":1,\"vault\":\"5\"}".getBytes(UTF_8));
    assertFails(ErrorCode.VAULT_FOREIGN, () -> lossy.open().close());
  }

  @Test
  void shouldFoundOnceHoweverOftenItIsCutShort() throws IOException {
    for (int step = 0; ; step++) {
      LossyVault blank = LossyVault.blank(step);
      blank.disk.goDarkAfter(step);
      boolean founded = triesToFound(blank);
      blank.disk.cutPower(PowerLoss.SOME);
      if (founded && blank.disk.count() < step) {
        return;
      }
      boolean marked = blank.disk.mount().exists(MARKER);
      assertTrue(marked || !founded, "founded, then lost: step " + step);
      if (!marked) {
        found(blank.disk.mount());
      }
      blank.open().close();
      assertFails(ErrorCode.OBJECT_EXISTS, () -> found(blank.disk.mount()));
    }
  }

  private boolean triesToFound(LossyVault blank) {
    try {
      found(blank.disk.mount());
      return true;
    } catch (HoldfastException expected) {
      return false;
    }
  }

  @Test
  void shouldCostEightCallsAndTwoSyncsToCreate() {
    create(vault, "warms up");
    lossy.disk.resetCounts();
    vault.create(ObjectName.of("journal/2"), bytes("content"));
    for (FileOperation operation :
        List.of(
            FileOperation.CREATE_FILE,
            FileOperation.WRITE,
            FileOperation.SYNC_FILE,
            FileOperation.SIZE,
            FileOperation.LINK,
            FileOperation.LINK_COUNT,
            FileOperation.SYNC_DIRECTORY,
            FileOperation.DELETE)) {
      assertEquals(1, lossy.disk.count(operation), operation::toString);
    }
    assertEquals(8, lossy.disk.count());
  }

  @Test
  void shouldWinByTheLinkCountWhateverTheErrnoSays() {
    for (DiskFault.Errno errno : DiskFault.Errno.values()) {
      ObjectName name = ObjectName.of("journal/" + errno.name().toLowerCase(Locale.ROOT));
      lossy.disk.arm(DiskFault.once(FileOperation.LINK, 1, errno).butHappens());
      assertEquals(new CreateOutcome.Created(1), vault.create(name, bytes("x")));
      lossy.disk.heal();
    }
  }

  @Test
  void shouldLoseByTheLinkCountWhateverTheErrnoSays() {
    create(vault, "winner");
    lossy.disk.arm(DiskFault.once(FileOperation.LINK, 1, DiskFault.Errno.EPERM));
    assertInstanceOf(CreateOutcome.Exists.class, create(vault, "loser"));
    assertEquals("winner", read(vault, NAME));
  }

  @Test
  void shouldNotBeFooledByAToolThatCopiesTheVaultByHardLinks() throws IOException {
    create(vault, "winner");
    LossyFileSystem tool = lossy.disk.mount();
    before(FileOperation.LINK, path -> tool.link(onlyTemporary(tool), Path.of("/copied")));
    assertInstanceOf(CreateOutcome.Exists.class, create(vault, "loser"));
    assertEquals("winner", read(vault, NAME));
    assertTrue(tool.exists(Path.of("/copied")));
  }

  private static Path onlyTemporary(FileSystem fileSystem) throws IOException {
    List<Path> found = new ArrayList<>();
    fileSystem.list(
        TEMPORARY,
        (token, isDirectory) -> {
          if (isDirectory) {
            Path place = TEMPORARY.resolve(token);
            fileSystem.list(place, (name, _) -> found.add(place.resolve(name)));
          }
          return true;
        });
    assertEquals(1, found.size(), found::toString);
    return found.getFirst();
  }

  @Test
  void shouldNotKnowWhenTheLinkFailedAndTheNameIsFree() {
    lossy.disk.arm(DiskFault.once(FileOperation.LINK, 1, DiskFault.Errno.EIO));
    CreateOutcome.Unknown unknown =
        assertInstanceOf(CreateOutcome.Unknown.class, create(vault, "content"));
    assertEquals(ErrorCode.VAULT_OUTCOME_UNKNOWN, unknown.cause().code());
    assertEquals(Optional.empty(), vault.find(NAME, 10));
    assertInstanceOf(CreateOutcome.Created.class, create(vault, "content"));
  }

  @Test
  void shouldLetAPausedWriterLoseToTheOneWhoCameInBetween() {
    DirectoryVault successor = lossy.open();
    before(
        FileOperation.LINK,
        _ -> assertInstanceOf(CreateOutcome.Created.class, create(successor, "new")));
    assertInstanceOf(CreateOutcome.Exists.class, create(vault, "old"));
    assertEquals("new", read(vault, NAME));
  }

  @Test
  void shouldNeverTrustADirectoryAgainWhoseSyncFailed() {
    create(vault, "makes the directory");
    lossy.disk.arm(DiskFault.once(FileOperation.SYNC_DIRECTORY, 1, DiskFault.Errno.EIO));
    ObjectName second = ObjectName.of("journal/2");
    List<HoldfastException> heard = new ArrayList<>();
    vault.onFailedSync(heard::add);
    CreateOutcome.Unknown unknown =
        assertInstanceOf(CreateOutcome.Unknown.class, vault.create(second, bytes("2")));
    assertTrue(unknown.syncFailed());
    assertEquals(ErrorCode.VAULT_SYNC_FAILED, heard.getFirst().code());
    assertFails(ErrorCode.VAULT_SYNC_FAILED, () -> vault.create(second, bytes("2")));
    assertFails(
        ErrorCode.VAULT_SYNC_FAILED, () -> vault.create(ObjectName.of("journal/3"), bytes("3")));
    assertInstanceOf(
        CreateOutcome.Created.class, vault.create(ObjectName.of("packs/3"), bytes("3")));
    lossy.disk.cutPower(PowerLoss.ALL);
    assertEquals(Optional.empty(), lossy.open().find(second, 10), "it was seen and not durable");
  }

  @Test
  void shouldCallAFullDiskFullAndPublishNothing() {
    create(vault, "makes the directory");
    ObjectName large = ObjectName.of("journal/2");
    lossy.disk.limitCapacity(2000);
    assertFails(ErrorCode.VAULT_FULL, () -> vault.create(large, bytes("x".repeat(2000))));
    try (ObjectWriter writer = vault.newObject(large)) {
      assertFails(ErrorCode.VAULT_FULL, () -> writer.append(bytes("x".repeat(2000))));
    }
    assertTrue(vault.size(large).isEmpty());
    assertInstanceOf(CreateOutcome.Created.class, vault.create(large, bytes("x".repeat(1000))));
    assertTrue(vault.usableBytes() < 1000);
  }

  @Test
  void shouldNeverCallAnObjectMissingBecauseTheMountIsGone() throws IOException {
    create(vault, "content");
    lossy.disk.mount().replace(LossyVault.ROOT.resolve("journal/1"), Path.of("/elsewhere"));
    lossy.disk.mount().delete(LossyVault.ROOT.resolve("journal"));
    lossy.disk.mount().delete(MARKER);
    assertFails(ErrorCode.VAULT_UNAVAILABLE, () -> vault.find(NAME, 10));
    assertFails(ErrorCode.VAULT_UNAVAILABLE, () -> vault.size(NAME));
    assertFails(ErrorCode.VAULT_UNAVAILABLE, () -> vault.open(NAME).close());
    assertFails(ErrorCode.VAULT_UNAVAILABLE, () -> vault.list(ObjectPrefix.ALL, _ -> true));
    assertFails(
        ErrorCode.VAULT_UNAVAILABLE, () -> vault.list(ObjectPrefix.of("journal/"), _ -> true));
    assertFails(ErrorCode.VAULT_UNAVAILABLE, () -> vault.delete(NAME));
  }

  @Test
  void shouldNotWriteIntoAnEmptyMountPoint() throws IOException {
    lossy.disk.mount().delete(MARKER);
    assertFails(ErrorCode.VAULT_UNAVAILABLE, () -> create(vault, "content"));
    assertFalse(lossy.disk.mount().exists(LossyVault.ROOT.resolve("journal")));
  }

  @Test
  void shouldReportAFailingReadAsUnavailableAndNothingElse() {
    create(vault, "content");
    for (FileOperation operation :
        List.of(FileOperation.OPEN_FILE, FileOperation.READ, FileOperation.SIZE)) {
      lossy.disk.arm(DiskFault.once(operation, 1, DiskFault.Errno.EIO));
      assertFails(ErrorCode.VAULT_UNAVAILABLE, () -> vault.find(NAME, 10));
    }
    for (FileOperation operation : List.of(FileOperation.LIST, FileOperation.EXISTS)) {
      lossy.disk.arm(DiskFault.once(operation, 1, DiskFault.Errno.EIO));
      assertFails(
          ErrorCode.VAULT_UNAVAILABLE, () -> vault.list(ObjectPrefix.of("none/"), _ -> true));
    }
    assertEquals("content", read(vault, NAME));
  }

  @Test
  void shouldCallAnObjectThatWasCutShortMalformed() {
    create(vault, "content");
    try (ObjectReader reader = vault.open(NAME)) {
      lossy.disk.damage(LossyVault.ROOT.resolve("journal/1"), _ -> new byte[3]);
      assertFails(ErrorCode.MALFORMED, () -> reader.read(0, ByteBuffer.allocate(7)));
    }
  }

  @Test
  void shouldNotListWhatIsNoObject() throws IOException {
    create(vault, "content");
    LossyFileSystem mount = lossy.disk.mount();
    mount.createDirectory(LossyVault.ROOT.resolve("lost+found"));
    mount.createDirectory(LossyVault.ROOT.resolve(".snapshot"));
    mount.createFile(LossyVault.ROOT.resolve("journal/.nfs0001")).close();
    assertEquals(List.of("journal/1"), list(50_000));
  }

  @Test
  void shouldListTheSameWithPagesOfAnySize() throws IOException {
    for (int i = 0; i < 20; i++) {
      vault.create(ObjectName.of("d" + i % 7 + "/o" + i), bytes("x"));
      vault.create(ObjectName.of("o" + i), bytes("x"));
    }
    List<String> all = list(50_000);
    assertEquals(40, all.size());
    for (int pageSize = 1; pageSize < 45; pageSize++) {
      assertEquals(all, list(pageSize), "page of " + pageSize);
    }
  }

  private List<String> list(int namesPerPage) throws IOException {
    List<String> names = new ArrayList<>();
    DirectoryListing listing =
        new DirectoryListing(
            lossy.disk.mount(), LossyVault.ROOT, "", name -> names.add(name.value()), namesPerPage);
    assertTrue(listing.show(ObjectPrefix.ALL));
    return names;
  }

  @Test
  void shouldLookOnlyIntoDirectoriesThatCanMatter() {
    for (int i = 0; i < 10; i++) {
      vault.create(ObjectName.of("d" + i + "/o"), bytes("x"));
    }
    lossy.disk.resetCounts();
    vault.list(ObjectPrefix.ALL, Optional.of(ObjectName.of("d7/o")), _ -> true);
    assertEquals(4, lossy.disk.count(FileOperation.LIST), "the root, d7, d8 and d9");
  }

  @Test
  void shouldSweepWhatDeadWritersLeftAndNothingOfTheLiving() throws IOException {
    LossyFileSystem dyingMount = lossy.disk.mount();
    DirectoryVault dying = lossy.openOn(dyingMount);
    ObjectWriter left = dying.newObject(ObjectName.of("packs/dead"));
    left.append(bytes("left behind"));
    try (ObjectWriter living = vault.newObject(ObjectName.of("packs/living"))) {
      living.append(bytes("alive"));
      dyingMount.kill();
      DirectoryVault sweeper = lossy.open();
      assertEquals(4, count(TEMPORARY), "opening to read sweeps nothing");
      create(sweeper, "first write");
      assertEquals(4, count(TEMPORARY), "the sweeper and the living one");
      sweeper.close();
      assertEquals(5, living.finish());
    }
    vault.close();
    assertEquals(0, count(TEMPORARY));
    assertEquals("alive", read(lossy.open(), ObjectName.of("packs/living")));
  }

  private int count(Path directory) throws IOException {
    List<String> names = new ArrayList<>();
    lossy.disk.mount().list(directory, (name, _) -> names.add(name));
    return names.size();
  }

  @Test
  void shouldFindANewPlaceWhenItsOwnWasSweptByMistake() throws IOException {
    create(vault, "first");
    LossyFileSystem sweeper = lossy.disk.mount();
    List<Path> found = new ArrayList<>();
    sweeper.list(TEMPORARY, (name, _) -> found.add(TEMPORARY.resolve(name)));
    for (Path path : found) {
      sweeper.delete(path);
    }
    ObjectName second = ObjectName.of("journal/2");
    assertFails(ErrorCode.VAULT_UNAVAILABLE, () -> vault.create(second, bytes("x")));
    assertInstanceOf(CreateOutcome.Created.class, vault.create(second, bytes("x")));
  }

  @Test
  void shouldGoOnWhenSweepingFails() {
    LossyFileSystem dying = lossy.disk.mount();
    create(lossy.openOn(dying), "by the dying");
    dying.kill();
    lossy.disk.arm(DiskFault.once(FileOperation.DELETE, 1, DiskFault.Errno.EIO));
    assertInstanceOf(
        CreateOutcome.Created.class, vault.create(ObjectName.of("journal/2"), bytes("x")));
    assertEquals(1, lossy.disk.faultsFired());
  }

  @Test
  void shouldWriteNothingWhileItOnlyReads() {
    create(vault, "content");
    DirectoryVault reader = lossy.open();
    lossy.disk.resetCounts();
    assertEquals("content", read(reader, NAME));
    reader.list(ObjectPrefix.ALL, _ -> true);
    reader.close();
    assertNotEquals(0, lossy.disk.count());
    for (FileOperation operation :
        List.of(FileOperation.CREATE_FILE, FileOperation.LOCK, FileOperation.DELETE)) {
      assertEquals(0, lossy.disk.count(operation), operation::toString);
    }
  }

  /** Something that happens in the middle of another's call. */
  private interface Intrusion {
    void run(Path path) throws IOException;
  }

  /** Runs the intrusion before the next operation of this kind, and only that. */
  private void before(FileOperation operation, Intrusion intrusion) {
    lossy.disk.hook(
        new OperationHook() {
          @Override
          public void before(FileOperation next, Path path) {
            if (next == operation) {
              lossy.disk.hook(new OperationHook() {});
              runUnchecked(intrusion, path);
            }
          }
        });
  }

  private static void runUnchecked(Intrusion intrusion, Path path) {
    try {
      intrusion.run(path);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
