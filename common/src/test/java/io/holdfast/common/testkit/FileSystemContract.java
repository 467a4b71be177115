package io.holdfast.common.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.HeldLock;
import io.holdfast.common.seam.ReadableFile;
import io.holdfast.common.seam.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every {@link FileSystem} does, real or in memory. */
public abstract class FileSystemContract {
  /** The file system under test. */
  protected abstract FileSystem fileSystem();

  /** An empty directory of it. */
  protected abstract Path directory();

  @Test
  void shouldReadBackWhatWasAppendedAndWritten() throws IOException {
    Path file = directory().resolve("a");
    try (WritableFile out = fileSystem().createFile(file)) {
      out.append(bytes("hello "), bytes("world"));
      out.write(6, bytes("W"));
      out.write(13, bytes("!"));
      out.append(bytes("?"));
      out.sync();
      assertEquals(15, out.size());
    }
    assertEquals("hello World\0\0!?", read(file));
    assertEquals(15, fileSystem().size(file));
  }

  @Test
  void shouldKeepWhatLeavesTheCache() throws IOException {
    Path file = directory().resolve("a");
    try (WritableFile out = fileSystem().createFile(file)) {
      out.append(bytes("synced"));
      out.sync();
      out.leaveCache();
      out.append(bytes(", not yet synced"));
      out.leaveCache();
    }
    assertEquals("synced, not yet synced", read(file));
  }

  @Test
  void shouldRefuseToCreateWhatExists() throws IOException {
    Path file = write("a", "first");
    assertThrows(FileAlreadyExistsException.class, () -> fileSystem().createFile(file).close());
    assertThrows(FileAlreadyExistsException.class, () -> fileSystem().createDirectory(file));
    assertEquals("first", read(file));
  }

  @Test
  void shouldLinkOnlyToAFreeName() throws IOException {
    Path first = write("a", "first");
    Path second = write("b", "second");
    Path third = directory().resolve("c");
    assertThrows(FileAlreadyExistsException.class, () -> fileSystem().link(first, second));
    assertEquals(1, fileSystem().linkCount(first));
    fileSystem().link(first, third);
    assertEquals(2, fileSystem().linkCount(first));
    assertTrue(fileSystem().isSameFile(first, third));
    assertFalse(fileSystem().isSameFile(second, third));
    fileSystem().delete(first);
    assertEquals(1, fileSystem().linkCount(third));
    assertEquals("first", read(third));
    assertEquals("second", read(second));
  }

  @Test
  void shouldLetExactlyOneOfManyLinksWin() throws Exception {
    int racers = 8;
    List<Path> sources = new ArrayList<>();
    for (int i = 0; i < racers; i++) {
      sources.add(write("racer" + i, "racer" + i));
    }
    for (int round = 0; round < 20; round++) {
      Path prize = directory().resolve("prize" + round);
      assertEquals(1, winners(sources, prize), "round " + round);
    }
  }

  private long winners(List<Path> sources, Path prize) throws Exception {
    CyclicBarrier start = new CyclicBarrier(sources.size());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Boolean>> races = new ArrayList<>();
      for (Path source : sources) {
        races.add(() -> {
          start.await();
          return wins(source, prize);
        });
      }
      long winners = 0;
      for (Future<Boolean> race : threads.invokeAll(races)) {
        winners += race.get() ? 1 : 0;
      }
      return winners;
    }
  }

  private boolean wins(Path source, Path prize) throws IOException {
    try {
      fileSystem().link(source, prize);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  @Test
  void shouldListNamesAndWhichAreDirectories() throws IOException {
    write("file", "x");
    fileSystem().createDirectory(directory().resolve("dir"));
    assertEquals(Set.of("file:false", "dir:true"), list());
    List<String> first = new ArrayList<>();
    fileSystem()
        .list(
            directory(),
            (name, isDirectory) -> {
              first.add(name);
              return false;
            });
    assertEquals(1, first.size());
  }

  private Set<String> list() throws IOException {
    Set<String> names = new TreeSet<>();
    fileSystem()
        .list(
            directory(),
            (name, isDirectory) -> {
              names.add(name + ":" + isDirectory);
              return true;
            });
    return names;
  }

  @Test
  void shouldTellAbsenceByItsOwnException() throws IOException {
    Path absent = directory().resolve("absent");
    Path below = absent.resolve("below");
    assertFalse(fileSystem().exists(absent));
    assertThrows(NoSuchFileException.class, () -> fileSystem().openFile(absent).close());
    assertThrows(NoSuchFileException.class, () -> fileSystem().size(absent));
    assertThrows(NoSuchFileException.class, () -> fileSystem().linkCount(absent));
    assertThrows(NoSuchFileException.class, () -> fileSystem().delete(absent));
    assertThrows(NoSuchFileException.class, () -> fileSystem().createFile(below).close());
    assertThrows(NoSuchFileException.class, () -> fileSystem().createDirectory(below));
    assertThrows(NoSuchFileException.class, () -> fileSystem().link(absent, below));
    assertThrows(NoSuchFileException.class, () -> fileSystem().syncDirectory(absent));
    assertThrows(NoSuchFileException.class, () -> fileSystem().list(absent, (n, d) -> true));
  }

  @Test
  void shouldReplaceAndDelete() throws IOException {
    Path from = write("from", "new");
    Path to = write("to", "old");
    fileSystem().replace(from, to);
    fileSystem().syncDirectory(directory());
    assertEquals("new", read(to));
    assertFalse(fileSystem().exists(from));
    fileSystem().delete(to);
    assertEquals(Set.of(), list());
  }

  @Test
  void shouldReadAtAnyPositionAndEndWithMinusOne() throws IOException {
    Path file = write("a", "0123456789");
    try (ReadableFile in = fileSystem().openFile(file)) {
      ByteBuffer three = ByteBuffer.allocate(3);
      assertEquals(3, in.read(4, three));
      assertEquals("456", UTF_8.decode(three.flip()).toString());
      assertEquals(1, in.read(9, ByteBuffer.allocate(3)));
      assertEquals(-1, in.read(10, ByteBuffer.allocate(3)));
      assertEquals(10, in.size());
    }
  }

  @Test
  void shouldHoldALockOnceUntilItIsClosed() throws IOException {
    Path file = directory().resolve("lock");
    HeldLock first = fileSystem().tryLock(file).orElseThrow();
    assertTrue(fileSystem().tryLock(file).isEmpty());
    assertTrue(fileSystem().tryLock(file).isEmpty(), "a refused attempt must not drop the lock");
    first.close();
    first.close();
    try (HeldLock second = fileSystem().tryLock(file).orElseThrow()) {
      assertTrue(fileSystem().exists(file), () -> "lock file of " + second);
    }
  }

  @Test
  void shouldTellUsableSpace() throws IOException {
    assertTrue(fileSystem().usableBytes(directory()) > 0);
  }

  protected final Path write(String name, String content) throws IOException {
    Path file = directory().resolve(name);
    try (WritableFile out = fileSystem().createFile(file)) {
      out.append(bytes(content));
      out.sync();
    }
    return file;
  }

  protected final String read(Path file) throws IOException {
    try (ReadableFile in = fileSystem().openFile(file)) {
      ByteBuffer buffer = ByteBuffer.allocate((int) in.size());
      while (buffer.hasRemaining() && in.read(buffer.position(), buffer) >= 0) {}
      return UTF_8.decode(buffer.flip()).toString();
    }
  }

  protected static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }
}
