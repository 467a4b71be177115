package io.holdfast.deploy.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.agent.backup.BackupResult;
import io.holdfast.agent.posix.Posix;
import io.holdfast.agent.restore.RestoreLimits;
import io.holdfast.agent.restore.RestorePlan;
import io.holdfast.agent.restore.RestoreResult;
import io.holdfast.agent.testkit.FileTree;
import io.holdfast.agent.tree.ConflictMode;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.match.PathPattern;
import io.holdfast.common.snapshot.OpenSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a backup took comes back as it was. */
class BackupAndRestoreTest {
  @TempDir static Path shared;
  @TempDir Path directory;

  private static Fleet fleet;
  private static ProtectedHost host;

  @BeforeAll
  static void found() throws Exception {
    fleet = Fleet.found(shared);
    host = fleet.enrol("alpha");
  }

  @AfterAll
  static void stop() {
    host.close();
    fleet.close();
  }

  private Path source() throws Exception {
    return Files.createDirectories(directory.resolve("source"));
  }

  private Path target() {
    return directory.resolve("target");
  }

  /** Where {@code source} stands below the target. */
  private FileTree restored() throws Exception {
    return FileTree.read(target().resolve(source().toString().substring(1)));
  }

  static byte[] noise(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** One of everything that a tree can hold without being root. */
  static FileTree everything(long seed, int many) {
    FileTree tree =
        FileTree.empty()
            .directory("empty")
            .mode(0711)
            .modified(1_000_000_000, 123_456_789)
            .directory("docs")
            .mode(0750)
            .modified(1_100_000_000, 1)
            .file("docs/empty.txt", "")
            .mode(0644)
            .file("docs/small.txt", "a small file")
            .mode(0600)
            .modified(1_200_000_000, 42)
            .file("docs/large.bin", noise(9 << 20, seed))
            .mode(0444)
            .modified(1_300_000_000, 7)
            .hardLink("docs/the small one.txt", "docs/small.txt")
            .symlink("docs/link", "../nowhere/at all")
            .symlink("docs/up", "../../../etc")
            .file("docs/attributes", "x")
            .xattr("user.colour", new byte[] {0, 1, (byte) 255})
            .directory("odd names")
            .file("odd names/new\nline", "1")
            .file("odd names/\u00ff\u00fe not utf-8", "2")
            .file("odd names/ -rf *", "3")
            .file("odd names/\\back\u0001", "4")
            .fifo("pipe")
            .mode(0640)
            .sparse("sparse.img", 64 << 20)
            .data(8 << 20, noise(65_536, seed + 1))
            .data(40 << 20, noise(131_072, seed + 2))
            .sparse("all holes", 3 << 20)
            .directory("locked")
            .mode(0500)
            .file("locked/inside", "read only")
            .mode(0400);
    for (int i = 0; i < many; i++) {
      tree = tree.file("docs/many-" + i, noise(200 + 37 * i, seed + i));
    }
    return tree;
  }

  @Test
  void shouldRestoreEverythingAsItWas() throws Exception {
    FileTree tree = everything(1_000, 300).writeTo(source());
    BackupResult backup = host.backup(source());
    assertTrue(backup.isComplete(), () -> backup.gaps().toString());

    RestoreResult result =
        host.restore(backup.snapshot(), target(), RestorePlan.EVERYTHING.withSample(1_000));

    assertEquals(List.of(), result.findings().failures());
    assertEquals(List.of(), result.findings().differences());
    assertEquals(List.of(), tree.differences(restored()));
    assertTrue(result.counters().filesSampled() > 300);
  }

  @Test
  void shouldRestoreThroughTheSmallestWindows() throws Exception {
    FileTree tree = everything(2_000, 30).writeTo(source());
    BackupResult backup = host.backup(source());

    RestoreLimits tiny = new RestoreLimits(3, 1, 1, 1, 1, 1, 1, 10);
    try (OpenSnapshot open = host.open(backup.snapshot())) {
      RestoreResult result =
          host.restore(open, target(), RestorePlan.EVERYTHING.withSample(1_000), tiny);
      assertEquals(List.of(), result.findings().failures());
    }
    assertEquals(List.of(), tree.differences(restored()));
  }

  @Test
  void shouldUploadNothingIfNothingChanged() throws Exception {
    everything(3_000, 300).writeTo(source());
    BackupResult first = host.backup(source());
    List<FileTime> ancestors = ancestors();
    BackupResult settled =
        host.backup(source()); // the first saw changes too young to be told apart
    BackupResult second = host.backup(source());

    assertTrue(first.counters().uploadedPlainBytes() > 9 << 20);
    assertTrue(settled.counters().uploadedPlainBytes() < 1 << 20);
    // A snapshot holds the directories above its sources too, and anybody may write into /tmp.
    long few = ancestors.equals(ancestors()) ? 0 : 64 << 10;
    assertTrue(
        second.counters().uploadedPlainBytes() <= few,
        second.counters().uploadedPlainBytes() + " bytes");
  }

  /** When the directories above the source were last written to. */
  private List<FileTime> ancestors() throws IOException {
    List<FileTime> times = new ArrayList<>();
    for (Path at = directory; at != null; at = at.getParent()) {
      times.add(Files.getLastModifiedTime(at));
    }
    return times;
  }

  @Test
  void shouldRefuseToBackUpNothing() throws Exception {
    Path missing = directory.resolve("not/mounted");
    HoldfastException refused =
        assertThrows(HoldfastException.class, () -> host.backup(missing, missing.resolve("x")));
    assertEquals(ErrorCode.SOURCE_UNREADABLE, refused.code());
    assertTrue(refused.getMessage().contains(missing.toString()), refused.getMessage());

    FileTree.empty().file("a", "a").writeTo(source());
    BackupResult partly = host.backup(missing, source());
    assertEquals(1, partly.gaps().size());
  }

  @Test
  void shouldUploadOnlyTheChangedBlocksOfADatabase() throws Exception {
    byte[] content = noise(48 << 20, 4);
    Path file = source().resolve("data.db");
    Files.write(file, content);
    host.backup(source());
    System.arraycopy(noise(8_192, 5), 0, content, 20 << 20, 8_192);
    System.arraycopy(noise(8_192, 6), 0, content, 33 << 20, 8_192);
    Files.write(file, content);

    BackupResult second = host.backup(source());
    RestoreResult result = host.restore(second.snapshot(), target(), RestorePlan.EVERYTHING);

    assertTrue(second.isComplete());
    assertTrue(
        second.counters().uploadedPlainBytes() < 1 << 20,
        () -> second.counters().uploadedPlainBytes() + " bytes uploaded");
    assertEquals(0, result.findings().failureCount());
    Path back = target().resolve(file.toString().substring(1));
    assertEquals(-1, Files.mismatch(file, back));
  }

  @Test
  void shouldRestoreOnlyWhatWasAskedFor() throws Exception {
    FileTree.empty()
        .directory("etc")
        .mode(0751)
        .file("etc/app.conf", "a")
        .file("etc/app.log", "b")
        .directory("etc/sub")
        .mode(0710)
        .file("etc/sub/more.conf", "c")
        .directory("var")
        .file("var/other.conf", "d")
        .writeTo(source());
    BackupResult backup = host.backup(source());
    EntryPath etc = EntryPath.of(source().toString().substring(1) + "/etc");

    RestoreResult result =
        host.restore(
            backup.snapshot(),
            target(),
            RestorePlan.EVERYTHING
                .withPaths(List.of(etc))
                .withPatterns(List.of(PathPattern.parse("*.conf"), PathPattern.parse("*.none"))));

    FileTree expected =
        FileTree.empty()
            .directory("etc")
            .mode(0751)
            .file("etc/app.conf", "a")
            .directory("etc/sub")
            .mode(0710)
            .file("etc/sub/more.conf", "c");
    assertEquals(List.of(), expected.differences(restored()));
    assertEquals(1, result.findings().failureCount());
    assertTrue(result.findings().failures().getFirst().text().contains("*.none"));
  }

  @Test
  void shouldLeaveWhatIsThereUnlessToldOtherwise() throws Exception {
    FileTree.empty()
        .file("same", "same")
        .modified(1_000, 0)
        .file("changed", "from the snapshot")
        .modified(1_000, 0)
        .file("missing", "missing")
        .modified(1_000, 0)
        .writeTo(source());
    BackupResult backup = host.backup(source());
    host.restore(backup.snapshot(), target(), RestorePlan.EVERYTHING);
    Path back = target().resolve(source().toString().substring(1));
    Files.writeString(back.resolve("changed"), "by hand");
    Files.delete(back.resolve("missing"));
    FileTime same = Files.getLastModifiedTime(back.resolve("same"));

    RestoreResult skipping = host.restore(backup.snapshot(), target(), RestorePlan.EVERYTHING);
    assertEquals(1, skipping.counters().filesWritten());
    assertEquals(2, skipping.counters().filesSkipped());
    assertEquals(1, skipping.counters().filesDiffering());
    assertEquals("by hand", Files.readString(back.resolve("changed")));

    RestorePlan different =
        RestorePlan.EVERYTHING.withConflict(ConflictMode.OVERWRITE_IF_DIFFERENT);
    RestoreResult dry = host.restore(backup.snapshot(), target(), different.asDryRun());
    assertEquals(1, dry.counters().filesWritten());
    assertEquals("by hand", Files.readString(back.resolve("changed")));

    RestoreResult replacing = host.restore(backup.snapshot(), target(), different);
    assertEquals(1, replacing.counters().filesWritten());
    assertEquals("from the snapshot", Files.readString(back.resolve("changed")));
    assertEquals(same, Files.getLastModifiedTime(back.resolve("same")));

    RestoreResult always =
        host.restore(
            backup.snapshot(), target(), RestorePlan.EVERYTHING.withConflict(ConflictMode.ALWAYS));
    assertEquals(3, always.counters().filesWritten());
  }

  @Test
  void shouldNotFollowALinkOutOfTheTarget() throws Exception {
    FileTree.empty().directory("dir").file("dir/file", "content").writeTo(source());
    BackupResult backup = host.backup(source());
    Path outside = Files.createDirectories(directory.resolve("outside"));
    Path back = target().resolve(source().toString().substring(1));
    Files.createDirectories(back);
    Files.createSymbolicLink(back.resolve("dir"), outside);

    RestoreResult result = host.restore(backup.snapshot(), target(), RestorePlan.EVERYTHING);

    assertTrue(result.findings().failureCount() > 0);
    assertEquals(List.of(), List.of(outside.toFile().list()));
    assertTrue(Files.isSymbolicLink(back.resolve("dir")));
  }

  @Test
  void shouldMakeNothingInADryRun() throws Exception {
    everything(4_000, 300).writeTo(source());
    BackupResult backup = host.backup(source());

    RestoreResult result =
        host.restore(backup.snapshot(), target(), RestorePlan.EVERYTHING.asDryRun());

    assertTrue(result.counters().filesWritten() > 300);
    assertTrue(Files.notExists(target()));
  }

  @Test
  void shouldKeepOwnersWhereItMay() throws Exception {
    if (Posix.effectiveUserId() != 0) {
      return; // only root can give files away
    }
    FileTree tree =
        FileTree.empty()
            .directory("d")
            .owner(1234, 5678)
            .mode(0700)
            .file("d/f", "x")
            .owner(1234, 5678)
            .mode(0600)
            .symlink("d/l", "f")
            .owner(99, 98)
            .writeTo(source());
    BackupResult backup = host.backup(source());

    RestoreResult result = host.restore(backup.snapshot(), target(), RestorePlan.EVERYTHING);

    assertTrue(result.isComplete(), () -> result.findings().differences().toString());
    assertEquals(List.of(), tree.differences(restored()));
  }
}
