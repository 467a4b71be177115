package io.holdfast.agent.posix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.agent.testkit.FileTree;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PosixTest {
  @TempDir Path directory;
  private int fd;

  @BeforeEach
  void open() throws PosixException {
    fd = Posix.openDirectory(Posix.NO_DIRECTORY, Names.of(directory.toString()));
  }

  @AfterEach
  void close() {
    Posix.close(fd);
  }

  @Test
  void shouldReadBackEveryKindOfEntryAsItWasWritten() throws IOException {
    FileTree tree =
        FileTree.empty()
            .directory("d")
            .mode(0750)
            .file("d/f", "content")
            .mode(0604)
            .modified(-5, 123_456_789)
            .symlink("d/l", "nowhere/\u00ff")
            .modified(1_700_000_000L, 1)
            .hardLink("d/g", "d/f")
            .fifo("p")
            .mode(0622)
            .sparse("s", 1 << 20)
            .data(524_288, new byte[] {1, 2, 3})
            .file("new\nline", "")
            .file("caf\u00e9\u00ff", "not UTF-8");
    tree.writeTo(directory);
    assertEquals(List.of(), tree.differences(FileTree.read(directory)));
  }

  @Test
  void shouldHoldTheSameBytesWhetherOrNotTheirWritingHasBegun() throws IOException {
    FileTree.empty().file("f", "content").writeTo(directory);
    int opened = Posix.openAt(fd, Names.of("f"), OpenFlags.READ_WRITE, 0);
    try (Arena arena = Arena.ofConfined();
        PosixFile file = new PosixFile(opened)) {
      file.write(arena.allocateFrom("again"), 7);
      file.startWriteBack();
      file.write(arena.allocateFrom("and more"), 12);
      file.startWriteBack();
    }
    assertEquals("contentagainand more\0", Files.readString(directory.resolve("f")));
  }

  @Test
  void shouldHoldTheSameBytesWhetherOrNotTheyStayInTheCache() throws IOException {
    byte[] content = new byte[300_001];
    new Random(3).nextBytes(content);
    FileTree.empty().file("f", "content").writeTo(directory);
    int opened = Posix.openAt(fd, Names.of("f"), OpenFlags.READ_WRITE, 0);
    try (Arena arena = Arena.ofConfined();
        PosixFile file = new PosixFile(opened)) {
      MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, content);
      boolean first = file.writePassing(bytes.asSlice(100_000), 100_000);
      boolean second = file.writePassing(bytes.asSlice(0, 100_000), 0);
      assertEquals(first, second, "a file system can or can't");
    }
    assertArrayEquals(content, Files.readAllBytes(directory.resolve("f")));
  }

  @Test
  void shouldWriteAllTheSameWhereEveryByteStaysInMemory() throws IOException {
    Path shared = Files.createTempFile(Path.of("/dev/shm"), "holdfast", "test");
    try (Arena arena = Arena.ofConfined();
        PosixFile file =
            new PosixFile(
                Posix.openAt(
                    Posix.NO_DIRECTORY, Names.of(shared.toString()), OpenFlags.READ_WRITE, 0))) {
      var _ = file.writePassing(arena.allocateFrom("no disk behind it"), 1);
      assertEquals("\0no disk behind it\0", Files.readString(shared));
    } finally {
      Files.delete(shared);
    }
  }

  @Test
  void shouldTellWhatARefusedPassingWriteWas() throws IOException {
    FileTree.empty().file("f", "content").writeTo(directory);
    try (Arena arena = Arena.ofConfined();
        PosixFile file = new PosixFile(Posix.tryOpenForReading(fd, Names.of("f"), 0))) {
      PosixException e =
          assertThrows(
              PosixException.class, () -> file.writePassing(arena.allocateFrom("never"), 0));
      assertEquals(9, e.number(), "EBADF: it is open for reading");
    }
  }

  @Test
  void shouldTellTheKernelsErrorByNameAndNumber() {
    PosixException e =
        assertThrows(PosixException.class, () -> Posix.statAt(fd, Names.of("absent\n")));
    assertEquals(Errno.ENOENT, e.errno());
    assertEquals("statx absent\\x0a: ENOENT", e.getMessage());
    assertEquals(-2, Posix.tryOpenDirectory(fd, Names.of("absent")));
  }

  @Test
  void shouldRefuseNamesWithNulBeforeTheKernelSeesHalfOfThem() throws IOException {
    FileTree.empty().file("x", "").writeTo(directory);
    byte[] name = {'x', 0, 'y'};
    assertEquals(-Errno.EINVAL.number(), Posix.tryOpenForReading(fd, name, 0));
    assertThrows(PosixException.class, () -> Nodes.removeFile(fd, name));
    assertThrows(PosixException.class, () -> Nodes.makeSymlink(fd, Names.of("l"), name));
  }

  @Test
  void shouldRefusePathsLongerThanTheKernelTakes() {
    assertEquals(-Errno.ENAMETOOLONG.number(), Posix.tryOpenForReading(fd, new byte[4_096], 0));
  }

  @Test
  void shouldNotFollowALinkInTheLastComponent() throws IOException {
    FileTree.empty().directory("d").symlink("l", "d").writeTo(directory);
    assertTrue(Posix.tryOpenDirectory(fd, Names.of("l")) < 0);
    assertTrue(Errno.ELOOP.is(Posix.tryOpenForReading(fd, Names.of("l"), 0)));
  }

  @Test
  void shouldIdentifyAnOpenInode() throws IOException {
    FileTree.empty().file("a", "").file("b", "").writeTo(directory);
    FileStat a = Posix.statAt(fd, Names.of("a"));
    try (PosixFile file = new PosixFile(Posix.tryOpenForReading(fd, Names.of("b"), 0))) {
      assertTrue(Errno.ESTALE.is(Posix.tryIdentify(file.fd(), a.device(), a.inode())));
      FileStat b = file.stat();
      assertEquals(0, Posix.tryIdentify(file.fd(), b.device(), b.inode()));
      assertFalse(a.isSameFileAs(b));
    }
  }

  @Test
  void shouldOpenBeneathWithoutLeaving() throws IOException {
    FileTree.empty().directory("a").directory("a/b").symlink("a/up", "..").writeTo(directory);
    int open = BeneathOpen.tryOpenDirectory(fd, Names.of("a/b"));
    if (BeneathOpen.isUnavailable(open)) {
      return;
    }
    assertTrue(open >= 0);
    Posix.close(open);
    for (String path : List.of("a/up", "a/up/a", "..", "/", "a/../..")) {
      assertTrue(BeneathOpen.tryOpenDirectory(fd, Names.of(path)) < 0, path);
    }
  }

  @Test
  void shouldRenameOverOrRefuseAsAsked() throws IOException {
    FileTree.empty().file("a", "1").file("b", "2").writeTo(directory);
    PosixException e =
        assertThrows(
            PosixException.class,
            () -> Nodes.renameUnlessPresent(fd, Names.of("a"), fd, Names.of("b")));
    assertEquals(Errno.EEXIST, e.errno());
    Nodes.rename(fd, Names.of("a"), fd, Names.of("b"));
    assertEquals(List.of(), FileTree.empty().file("b", "1").differences(FileTree.read(directory)));
  }

  @Test
  void shouldReadTheTargetOfALinkAsBytes() throws IOException {
    byte[] target = {'a', (byte) 0xff, '\n'};
    Nodes.makeSymlink(fd, Names.of("l"), target);
    assertArrayEquals(target, Posix.readLinkAt(fd, Names.of("l")));
  }

  @Test
  void shouldTellFileSystemsApart() throws PosixException {
    int proc = Posix.openDirectory(Posix.NO_DIRECTORY, Names.of("/proc"));
    assertEquals(0x9fa0, Posix.fileSystemType(proc));
    Posix.close(proc);
  }

  @Test
  void shouldReadWholeRangesAndStopAtTheEnd() throws IOException {
    FileTree.empty().file("f", "0123456789").writeTo(directory);
    try (PosixFile file = new PosixFile(Posix.tryOpenForReading(fd, Names.of("f"), 0));
        Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(8);
      assertEquals(8, file.read(buffer, 0));
      assertEquals(2, file.read(buffer, 8));
      assertEquals(0, file.read(buffer, 10));
      assertEquals(0, file.nextData(0));
      assertEquals(10, file.nextHole(0));
      assertEquals(PosixFile.NO_MORE_DATA, file.nextData(10));
    }
  }

  @Test
  void shouldPackDeviceNumbersAsLibcDoes() {
    assertEquals(0x0000_0000_0000_0103L, DeviceNumber.toLibc(DeviceNumber.of(1, 3)));
    assertEquals(
        expectedDevice(0xabcde01f, 0x100), DeviceNumber.toLibc(DeviceNumber.of(0xabcde01f, 0x100)));
  }

  private static long expectedDevice(int major, int minor) {
    long high = (Integer.toUnsignedLong(major) >>> 12) << 44;
    long low = (long) (major & 0xfff) << 8;
    return high | ((Integer.toUnsignedLong(minor) >>> 8) << 20) | low | (minor & 0xff);
  }
}
