package io.holdfast.common.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.seam.DiskFullException;
import io.holdfast.common.seam.ReadableFile;
import io.holdfast.common.seam.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The disk breaks its promises exactly where it may, and nowhere else. */
class LossyDiskTest {
  private static final Path ROOT = Path.of("/");
  private static final Path FILE = Path.of("/file");
  private static final Path OTHER = Path.of("/other");

  private LossyDisk disk = LossyDisk.seeded(1);
  private LossyFileSystem mount = disk.mount();

  private void startAnew(long seed) {
    disk = LossyDisk.seeded(seed);
    mount = disk.mount();
  }

  @Test
  void shouldKeepWhatWasSyncedWholeThroughAnyPowerCut() throws IOException {
    for (int seed = 0; seed < 50; seed++) {
      startAnew(seed);
      write(FILE, "safe", true);
      mount.syncDirectory(ROOT);
      disk.cutPower(seed % 2 == 0 ? PowerLoss.ALL : PowerLoss.SOME);
      assertEquals("safe", read(FILE), "seed " + seed);
    }
  }

  @Test
  void shouldLoseANameWhoseDirectoryWasNotSynced() throws IOException {
    write(FILE, "content", true);
    disk.cutPower(PowerLoss.ALL);
    assertFalse(mount.exists(FILE));
  }

  @Test
  void shouldLeaveAnEmptyFileWhereOnlyTheNameWasSynced() throws IOException {
    write(FILE, "content", false);
    mount.syncDirectory(ROOT);
    disk.cutPower(PowerLoss.ALL);
    assertEquals("", read(FILE));
  }

  @Test
  void shouldBringBackADeletedNameWhoseDirectoryWasNotSynced() throws IOException {
    write(FILE, "content", true);
    mount.syncDirectory(ROOT);
    mount.delete(FILE);
    disk.cutPower(PowerLoss.ALL);
    assertEquals("content", read(FILE));
    assertEquals(1, mount.linkCount(FILE));
  }

  @Test
  void shouldLoseWithALostDirectoryAllThatIsInIt() throws IOException {
    mount.createDirectory(Path.of("/dir"));
    write(Path.of("/dir/file"), "content", true);
    mount.syncDirectory(Path.of("/dir"));
    disk.cutPower(PowerLoss.ALL);
    assertFalse(mount.exists(Path.of("/dir")));
  }

  @Test
  void shouldTearUnsyncedWritesInEveryWayUnderSomeSeed() throws IOException {
    Set<String> outcomes = new HashSet<>();
    for (int seed = 0; seed < 200; seed++) {
      startAnew(seed);
      try (WritableFile out = mount.createFile(FILE)) {
        out.append(bytes("a".repeat(600)));
        out.append(bytes("b".repeat(600)));
      }
      mount.syncDirectory(ROOT);
      disk.cutPower(PowerLoss.SOME);
      outcomes.add(shape(read(FILE)));
    }
    assertTrue(outcomes.contains("whole"), outcomes::toString);
    assertTrue(outcomes.contains("empty"), outcomes::toString);
    assertTrue(outcomes.contains("torn"), outcomes::toString);
    assertTrue(outcomes.contains("second without first"), outcomes::toString);
  }

  private static String shape(String content) {
    if (content.equals("a".repeat(600) + "b".repeat(600))) {
      return "whole";
    }
    if (content.isEmpty()) {
      return "empty";
    }
    return content.startsWith("\0") && content.endsWith("b") ? "second without first" : "torn";
  }

  @Test
  void shouldLoseForEverWhatAFailedSyncDropped() throws IOException {
    disk.arm(DiskFault.once(FileOperation.SYNC_FILE, 1, DiskFault.Errno.EIO));
    try (WritableFile out = mount.createFile(FILE)) {
      out.append(bytes("content"));
      assertThrows(IOException.class, out::sync);
      out.sync();
    }
    mount.syncDirectory(ROOT);
    assertEquals("content", read(FILE), "the page cache still shows it");
    disk.cutPower(PowerLoss.ALL);
    assertEquals("", read(FILE));
  }

  @Test
  void shouldLoseForEverTheNameAFailedDirectorySyncDropped() throws IOException {
    write(FILE, "content", true);
    disk.arm(DiskFault.once(FileOperation.SYNC_DIRECTORY, 1, DiskFault.Errno.EIO));
    assertThrows(IOException.class, () -> mount.syncDirectory(ROOT));
    mount.syncDirectory(ROOT);
    assertTrue(mount.exists(FILE));
    disk.cutPower(PowerLoss.ALL);
    assertFalse(mount.exists(FILE));
  }

  @Test
  void shouldFailTheNthOperationOnceOrForEver() throws IOException {
    disk.arm(DiskFault.once(FileOperation.EXISTS, 2, DiskFault.Errno.EIO));
    assertFalse(mount.exists(FILE));
    assertThrows(IOException.class, () -> mount.exists(FILE));
    assertFalse(mount.exists(FILE));
    disk.arm(DiskFault.forever(FileOperation.EXISTS, 2, DiskFault.Errno.ENOSPC));
    assertFalse(mount.exists(FILE));
    assertThrows(DiskFullException.class, () -> mount.exists(FILE));
    assertThrows(DiskFullException.class, () -> mount.exists(FILE));
    assertEquals(3, disk.faultsFired());
    disk.heal();
    assertFalse(mount.exists(FILE));
    assertEquals(7, disk.count(FileOperation.EXISTS));
  }

  @Test
  void shouldLinkAndStillReportAnErrorWhenTold() throws IOException {
    write(FILE, "content", true);
    disk.arm(DiskFault.once(FileOperation.LINK, 1, DiskFault.Errno.EPERM).butHappens());
    assertThrows(IOException.class, () -> mount.link(FILE, OTHER));
    assertEquals(2, mount.linkCount(FILE));
    assertEquals("content", read(OTHER));
  }

  @Test
  void shouldLeaveAPrefixWhenFull() throws IOException {
    disk.limitCapacity(10);
    write(FILE, "12345678", true);
    assertEquals(2, mount.usableBytes(ROOT));
    assertThrows(DiskFullException.class, () -> write(OTHER, "12345678", true));
    assertEquals("12", read(OTHER));
    mount.delete(OTHER);
    write(OTHER, "12", true);
  }

  @Test
  void shouldGoDarkAtTheChosenOperationAndStayDark() throws IOException {
    disk.goDarkAfter(1);
    assertFalse(mount.exists(FILE));
    assertThrows(IOException.class, () -> mount.createDirectory(OTHER));
    assertThrows(IOException.class, () -> mount.exists(FILE));
    assertTrue(disk.isDark());
    disk.cutPower(PowerLoss.ALL);
    assertFalse(mount.exists(OTHER));
  }

  @Test
  void shouldEndHandlesAndLocksWithThePower() throws IOException {
    assertTrue(mount.tryLock(OTHER).isPresent());
    try (WritableFile out = mount.createFile(FILE)) {
      disk.cutPower(PowerLoss.NONE);
      assertThrows(IOException.class, () -> out.append(bytes("late")));
    }
    assertTrue(mount.tryLock(OTHER).isPresent());
  }

  @Test
  void shouldKeepThePageCacheAndEndTheLocksOfAProcessThatDies() throws IOException {
    write(FILE, "content", false);
    assertTrue(mount.tryLock(OTHER).isPresent());
    LossyFileSystem survivor = disk.mount();
    assertTrue(survivor.tryLock(OTHER).isEmpty());
    mount.kill();
    assertThrows(IOException.class, () -> mount.exists(FILE));
    assertTrue(survivor.tryLock(OTHER).isPresent());
    assertEquals(7, survivor.size(FILE));
  }

  @Test
  void shouldDamageBytesAtRest() throws IOException {
    write(FILE, "content", true);
    mount.syncDirectory(ROOT);
    disk.damage(
        FILE,
        bytes -> {
          bytes[0] ^= 1;
          return bytes;
        });
    disk.cutPower(PowerLoss.ALL);
    assertEquals("bontent", read(FILE));
  }

  @Test
  void shouldLetAHookActInTheMiddleOfAnOperation() throws IOException {
    write(FILE, "mine", true);
    disk.hook(
        new OperationHook() {
          @Override
          public void before(FileOperation operation, Path path) {
            if (operation == FileOperation.LINK) {
              disk.hook(new OperationHook() {});
              createEmpty(OTHER);
            }
          }
        });
    assertThrows(IOException.class, () -> mount.link(FILE, OTHER));
    assertEquals("", read(OTHER));
  }

  private void createEmpty(Path path) {
    try {
      disk.mount().createFile(path).close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void write(Path path, String content, boolean sync) throws IOException {
    try (WritableFile out = mount.createFile(path)) {
      out.append(bytes(content));
      if (sync) {
        out.sync();
      }
    }
  }

  private String read(Path path) throws IOException {
    try (ReadableFile in = mount.openFile(path)) {
      ByteBuffer buffer = ByteBuffer.allocate((int) in.size());
      int read = in.read(0, buffer);
      assertEquals(buffer.capacity(), Math.max(read, 0));
      return UTF_8.decode(buffer.flip()).toString();
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }
}
