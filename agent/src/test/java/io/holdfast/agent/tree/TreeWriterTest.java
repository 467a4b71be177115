package io.holdfast.agent.tree;

import static io.holdfast.agent.tree.TreeFixture.PLAIN;
import static io.holdfast.agent.tree.TreeFixture.PLAIN_DIRECTORY;
import static io.holdfast.agent.tree.TreeFixture.path;
import static io.holdfast.agent.tree.TreeFixture.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.agent.posix.DeviceNumber;
import io.holdfast.agent.posix.FileKind;
import io.holdfast.agent.posix.FileStat;
import io.holdfast.agent.posix.Names;
import io.holdfast.agent.posix.Posix;
import io.holdfast.agent.posix.PosixException;
import io.holdfast.agent.posix.Xattr;
import io.holdfast.agent.posix.Xattrs;
import io.holdfast.agent.testkit.FileTree;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeWriterTest {
  @TempDir Path temporary;
  private TreeFixture fixture;

  @BeforeEach
  void makeDirectories() throws IOException {
    fixture = new TreeFixture(temporary);
  }

  private static void assumeRoot() {
    assumeTrue(Posix.effectiveUserId() == 0, "needs root");
  }

  private TreeReport restore(FileTree tree, TreeOptions options) {
    try (TreeWriter writer = fixture.open(options)) {
      TreeFixture.restore(tree, writer);
      return writer.finish();
    }
  }

  @Test
  void shouldMakeEveryKindOfEntryExactly() throws IOException {
    assumeRoot();
    FileTree tree =
        FileTree.empty()
            .directory("d")
            .mode(0511)
            .owner(1234, 5678)
            .modified(1_600_000_000L, 123_456_789)
            .file("d/f", "content")
            .mode(0440)
            .owner(1, 2)
            .modified(-1, 999_999_999)
            .hardLink("d/g", "d/f")
            .fifo("d/p")
            .mode(0622)
            .owner(3, 4)
            .modified(5, 6)
            .directory("d/q")
            .mode(01777)
            .modified(7, 8)
            .file("empty", "")
            .mode(0)
            .symlink("l", "../../etc/passwd\u00ff")
            .owner(9, 10)
            .modified(11, 12)
            .file("new\nline", "a")
            .file("not-utf8\u00e9\u00ff", "b")
            .modified(0, 1)
            .device("z", 1, 3)
            .mode(0600);
    TreeReport report =
        restore(tree, fixture.options().withPrivileges(Privileges.full()).withSync(true));
    assertEquals(List.of(), report.differences());
    assertEquals(new TreeReport.Written(2, 4, 1, 1, 2), report.written());
    fixture.assertHolds(tree);
  }

  @Test
  void shouldKeepHolesAsHoles() throws IOException {
    FileTree tree =
        FileTree.empty()
            .sparse("hole", 8 << 20)
            .sparse("s", 64 << 20)
            .data(0, new byte[] {1})
            .data(32 << 20, new byte[] {2, 3})
            .data((64 << 20) - 1, new byte[] {4});
    restore(tree, fixture.options());
    fixture.assertHolds(tree);
  }

  @Test
  void shouldSetAttributesAndAclsAndDropInheritedOnes() throws IOException {
    byte[] acl = acl(1000);
    assumeTrue(hasAcls(acl), "no extended attributes here");
    FileTree tree =
        FileTree.empty()
            .directory("d")
            .mode(0770)
            .xattr("system.posix_acl_default", acl)
            .file("d/plain", "x")
            .mode(0600)
            .file("d/with", "x")
            .mode(0660)
            .xattr("system.posix_acl_access", acl)
            .xattr("user.a", new byte[] {0, 1, (byte) 0xff})
            .xattr("user.b", new byte[0]);
    for (int run = 0; run < 2; run++) { // the second one finds the default ACL in place
      assertEquals(List.of(), restore(tree, fixture.options()).differences());
      fixture.assertHolds(tree);
      byte[] plain = Names.of(fixture.target + "/d/plain");
      assertEquals(List.of(), attributesOf(plain));
    }
  }

  private static List<Xattr> attributesOf(byte[] path) throws PosixException {
    int fd = Posix.tryOpenForReading(Posix.NO_DIRECTORY, path, 0);
    try {
      return Xattrs.read(fd);
    } finally {
      Posix.close(fd);
    }
  }

  private boolean hasAcls(byte[] acl) {
    int fd = Posix.tryOpenForReading(Posix.NO_DIRECTORY, Names.of("" + fixture.scratch), 0);
    try {
      Xattrs.set(fd, new Xattr(Names.of("system.posix_acl_access"), acl));
      return true;
    } catch (PosixException e) {
      return false;
    } finally {
      Posix.close(fd);
    }
  }

  /** As in uapi/linux/posix_acl_xattr.h: version 2; rw for owner, one user, group and mask. */
  private static byte[] acl(int user) {
    ByteBuffer out = ByteBuffer.allocate(4 + 5 * 8).order(ByteOrder.LITTLE_ENDIAN).putInt(2);
    int[][] entries = {{1, 6, -1}, {2, 6, user}, {4, 6, -1}, {16, 6, -1}, {32, 0, -1}};
    for (int[] entry : entries) {
      out.putShort((short) entry[0]).putShort((short) entry[1]).putInt(entry[2]);
    }
    return out.array();
  }

  @Test
  void shouldNotShowAFileBeforeItIsFinished() throws IOException {
    try (TreeWriter writer = fixture.open(fixture.options())) {
      FileSink sink = writer.file(path("f"), 3, Allocation.DENSE, PLAIN).orElseThrow();
      TreeFixture.write(sink, 0, new byte[] {1, 2, 3});
      assertFalse(Files.exists(fixture.target.resolve("f")));
      assertTrue(sink.finish());
      assertTrue(Files.exists(fixture.target.resolve("f")));
      assertThrows(IllegalStateException.class, sink::finish);
    }
    assertEquals(1, fixture.target.toFile().list().length);
  }

  @Test
  void shouldLeaveNothingOfAFileThatIsGivenUp() throws IOException {
    try (TreeWriter writer = fixture.open(fixture.options())) {
      put(writer, "old", "before");
      writer.file(path("old"), 3, Allocation.DENSE, PLAIN).orElseThrow().abandon();
      writer.file(path("new"), 3, Allocation.SPARSE, PLAIN).orElseThrow().abandon();
      TreeReport report = writer.finish();
      assertEquals(2, report.counts().get(DifferenceReason.GIVEN_UP));
      assertEquals(2, report.missing());
    }
    fixture.assertHolds(FileTree.empty().file("old", "before"));
  }

  @Test
  void shouldGiveUpOpenFilesWhenClosed() throws IOException {
    TreeWriter writer = fixture.open(fixture.options());
    writer.file(path("d/f"), 3, Allocation.DENSE, PLAIN);
    assertThrows(IllegalStateException.class, writer::finish);
    writer.close();
    fixture.assertHolds(FileTree.empty().directory("d"));
  }

  @Test
  void shouldClearAwayWhatAnInterruptedRestoreLeft() throws IOException {
    byte[] leftover = TemporaryName.of(path("f"));
    Files.createFile(fixture.target.resolve(new String(leftover, StandardCharsets.UTF_8)));
    try (TreeWriter writer = fixture.open(fixture.options())) {
      assertTrue(put(writer, "f", "x"));
    }
    fixture.assertHolds(FileTree.empty().file("f", "x"));
  }

  @Test
  void shouldNotPlaceAStrangersFile() throws IOException {
    try (TreeWriter writer = fixture.open(fixture.options())) {
      FileSink sink = writer.file(path("f"), 1, Allocation.DENSE, PLAIN).orElseThrow();
      String name = new String(TemporaryName.of(path("f")), StandardCharsets.UTF_8);
      Files.delete(fixture.target.resolve(name));
      Files.writeString(fixture.target.resolve(name), "planted");
      assertFalse(sink.finish());
      assertEquals(1, writer.finish().missing());
    }
    fixture.assertHolds(FileTree.empty());
  }

  @Test
  void shouldRefuseBytesOutsideTheFile() {
    try (TreeWriter writer = fixture.open(fixture.options())) {
      FileSink sink = writer.file(path("f"), 3, Allocation.DENSE, PLAIN).orElseThrow();
      assertThrows(IndexOutOfBoundsException.class, () -> TreeFixture.write(sink, 2, new byte[2]));
      assertThrows(IndexOutOfBoundsException.class, () -> TreeFixture.write(sink, -1, new byte[1]));
      sink.abandon();
    }
  }

  @Test
  void shouldWriteManyFilesAtOnce() throws Exception {
    FileTree expected = FileTree.empty();
    try (TreeWriter writer = fixture.open(fixture.options().withBounds(2, 10));
        ExecutorService executor = Executors.newFixedThreadPool(8)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        String name = "d" + i % 7 + "/e" + i % 3 + "/f" + i;
        all.add(executor.submit(() -> put(writer, name, "content of " + name)));
      }
      for (Future<?> one : all) {
        assertEquals(true, one.get());
      }
      assertTrue(writer.finish().isComplete());
    }
    FileTree found = fixture.read();
    assertEquals(200 + 7 + 21, found.nodes().size());
    for (int i = 0; i < 200; i++) {
      String name = "d" + i % 7 + "/e" + i % 3 + "/f" + i;
      expected = FileTree.empty().file(name, "content of " + name);
      assertEquals(
          expected.nodes().get(name).sizeBytes(), found.nodes().get(name).sizeBytes(), name);
    }
  }

  @Test
  void shouldDescribeDirectoriesAfterTheirContentTheDeepestFirst() throws IOException {
    FileTree tree = FileTree.empty();
    StringBuilder name = new StringBuilder("d");
    for (int i = 0; i < 40; i++) {
      tree = tree.directory(name.toString()).mode(0555).modified(1_000 + i, i);
      name.append("/d");
    }
    tree = tree.file(name.toString(), "deep");
    assertTrue(restore(tree, fixture.options().withBounds(3, 10)).isComplete());
    fixture.assertHolds(tree);
  }

  @Test
  void shouldDropSetIdsAndCapabilitiesUnlessAllowed() throws IOException {
    EntryMetadata setId = new EntryMetadata(04755, 0, 0, 0, 0, List.of(capability()));
    try (TreeWriter writer = fixture.open(fixture.options())) {
      put(writer, "f", "x", setId);
      writer.directory(path("d"), new EntryMetadata(02755, 0, 0, 0, 0, List.of()));
      TreeReport report = writer.finish();
      assertEquals(3, report.counts().get(DifferenceReason.SET_ID_LEFT_OUT));
      assertFalse(report.isComplete());
      assertEquals(0, report.missing());
    }
    fixture.assertHolds(FileTree.empty().directory("d").mode(0755).file("f", "x").mode(0755));
    assertEquals(List.of(), attributesOf(Names.of(fixture.target + "/f")));
  }

  /** One that lets a process bind low ports: version 2, cap_net_bind_service. */
  private static Xattr capability() {
    ByteBuffer value = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
    value.putInt(0x02000001).putInt(1 << 10);
    return new Xattr(Names.of("security.capability"), value.array());
  }

  @Test
  void shouldKeepSetIdsAndCapabilitiesWhereAllowed() throws IOException {
    assumeRoot();
    Privileges granted = new Privileges(true, true, false);
    EntryMetadata setId = new EntryMetadata(06755, 12, 34, 0, 0, List.of(capability()));
    try (TreeWriter writer = fixture.open(fixture.options().withPrivileges(granted))) {
      put(writer, "f", "x", setId);
      assertEquals(List.of(), writer.finish().differences());
    }
    fixture.assertHolds(FileTree.empty().file("f", "x").mode(06755).owner(12, 34));
    assertEquals(List.of(capability()), attributesOf(Names.of(fixture.target + "/f")));
  }

  @Test
  void shouldNotGiveSetIdsToAnOwnerItWasNotToldToSet() throws IOException {
    Privileges granted = new Privileges(false, true, false);
    EntryMetadata foreign = new EntryMetadata(04755, 99_999, 99_999, 0, 0, List.of());
    try (TreeWriter writer = fixture.open(fixture.options().withPrivileges(granted))) {
      put(writer, "f", "x", foreign);
      assertEquals(1, writer.finish().counts().get(DifferenceReason.SET_ID_LEFT_OUT));
    }
    fixture.assertHolds(FileTree.empty().file("f", "x").mode(0755));
  }

  @Test
  void shouldRefuseDevicesUnlessAllowedAndSocketsAlways() throws IOException {
    try (TreeWriter writer = fixture.open(fixture.options())) {
      long zero = DeviceNumber.of(1, 5);
      writer.special(path("c"), FileKind.CHAR_DEVICE, zero, PLAIN);
      writer.special(path("b"), FileKind.BLOCK_DEVICE, zero, PLAIN);
      writer.special(path("s"), FileKind.SOCKET, 0, PLAIN);
      writer.special(path("p"), FileKind.FIFO, 0, PLAIN);
      assertEquals(3, writer.finish().counts().get(DifferenceReason.KIND_NOT_ALLOWED));
    }
    fixture.assertHolds(FileTree.empty().fifo("p"));
  }

  @Test
  void shouldReportAttributesTheFileSystemRefuses() {
    EntryMetadata odd =
        new EntryMetadata(
            0644, 0, 0, 0, 0, List.of(new Xattr(Names.of("nonsense.x"), new byte[1])));
    try (TreeWriter writer = fixture.open(fixture.options())) {
      assertTrue(put(writer, "f", "x", odd));
      TreeReport report = writer.finish();
      assertEquals("f: XATTR_NOT_SET (ENOTSUP)", report.differences().getFirst().toString());
    }
  }

  @Test
  void shouldKeepFewDifferencesAndCountAll() {
    try (TreeWriter writer = fixture.open(fixture.options().withBounds(8, 5))) {
      for (int i = 0; i < 50; i++) {
        put(writer, "../" + i, "x");
      }
      TreeReport report = writer.finish();
      assertEquals(5, report.differences().size());
      assertEquals(50, report.counts().get(DifferenceReason.UNSAFE_PATH));
    }
  }

  @Test
  void shouldEndWithATypedErrorWhenTheDiskIsFull() {
    try (TreeWriter writer = fixture.open(fixture.options())) {
      long tooLarge = 1L << 43;
      HoldfastException e =
          assertThrows(
              HoldfastException.class,
              () -> writer.file(path("f"), tooLarge, Allocation.DENSE, PLAIN));
      assertEquals(ErrorCode.DISK_FULL, e.code());
      assertEquals(0, fixture.target.toFile().list().length);
    }
  }

  @Test
  void shouldMakeTheTargetWithItsParents() {
    byte[] target = Names.of(fixture.target + "/a/b/c");
    try (TreeWriter writer = TreeWriter.open(target, fixture.options())) {
      assertTrue(put(writer, "f", "x"));
    }
    assertTrue(Files.exists(fixture.target.resolve("a/b/c/f")));
  }

  @Test
  void shouldRefuseATargetThatIsNoDirectory() throws IOException {
    Files.createFile(fixture.target.resolve("file"));
    for (String target : List.of("relative", "", fixture.target + "/file", "/proc/self/none/x")) {
      assertThrows(
          HoldfastException.class, () -> TreeWriter.open(Names.of(target), fixture.options()));
    }
  }

  @Test
  void shouldMakeParentsThatNoEntryNamesForTheRestoringUserAlone() throws IOException {
    try (TreeWriter writer = fixture.open(fixture.options())) {
      put(writer, "a/b/f", "x");
      writer.finish();
    }
    FileStat a = Posix.statAt(Posix.NO_DIRECTORY, Names.of(fixture.target + "/a"));
    assertEquals(0700, a.permissions());
  }

  @Test
  void shouldLinkOnlyWhatIsThere() throws IOException {
    try (TreeWriter writer = fixture.open(fixture.options())) {
      writer.directory(path("d"), PLAIN_DIRECTORY);
      writer.hardLink(path("a"), path("absent"));
      writer.hardLink(path("b"), path("absent/below"));
      writer.hardLink(path("c"), path("d"));
      assertEquals(3, writer.finish().counts().get(DifferenceReason.LINK_SOURCE_MISSING));
    }
    fixture.assertHolds(FileTree.empty().directory("d"));
  }
}
