package io.holdfast.agent.walk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.agent.posix.Errno;
import io.holdfast.agent.posix.FileKind;
import io.holdfast.agent.posix.FileStat;
import io.holdfast.agent.posix.Names;
import io.holdfast.agent.posix.Nodes;
import io.holdfast.agent.posix.Posix;
import io.holdfast.agent.posix.PosixException;
import io.holdfast.agent.posix.PosixFile;
import io.holdfast.agent.testkit.FileTree;
import io.holdfast.agent.testkit.TreeGenerator;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WalkCursorTest {
  private static final FileTree SAMPLE =
      FileTree.empty()
          .directory("a")
          .file("a/z", "1")
          .directory("a/b")
          .file("a/b/c", "22")
          .file("a!", "x")
          .file("a.txt", "333")
          .directory("empty")
          .symlink("link", "a/b")
          .fifo("pipe")
          .file("caf\u00e9\u00ff", "x")
          .file("new\nline", "x");

  @TempDir Path temporary;
  private Path root;
  private Path scratch;

  @BeforeEach
  void makeDirectories() throws IOException {
    root = Files.createDirectory(temporary.resolve("root"));
    scratch = Files.createDirectory(temporary.resolve("scratch"));
  }

  private WalkOptions options() {
    return WalkOptions.of(List.of(root.toString()), scratch);
  }

  private static List<String> paths(FileTree tree) {
    return List.copyOf(tree.nodes().keySet());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 8})
  void shouldHandOutEveryEntryInPathOrder(int statAhead) throws IOException {
    SAMPLE.writeTo(root);
    WalkLimits limits = WalkLimits.defaults().withStatAhead(statAhead);
    WalkRun run = WalkRun.of(root, options().withLimits(limits));
    assertEquals(paths(SAMPLE), run.events());
    assertEquals(0, run.counts().gaps());
  }

  @Test
  void shouldSayTheSameAsTheKernel() throws IOException {
    SAMPLE.writeTo(root);
    WalkRun run = WalkRun.of(root, options());
    for (int i = 0; i < run.events().size(); i++) {
      byte[] path = FileTree.bytes(root + "/" + run.events().get(i));
      assertEquals(Posix.statAt(Posix.NO_DIRECTORY, path), run.stats().get(i));
    }
  }

  @Test
  void shouldTellWhatLinksPointAt() throws IOException {
    FileTree.empty().symlink("l", "some/where\u00ff").writeTo(root);
    WalkEntry link = entry("l", DirectoryCalls.KERNEL);
    assertArrayEquals(FileTree.bytes("some/where\u00ff"), link.symlinkTarget());
  }

  /** The cursor stays open, so the entry stays valid. */
  private WalkEntry entry(String path, DirectoryCalls calls) {
    WalkCursor cursor = WalkCursor.open(options(), Runnable::run, calls);
    return advanceTo(cursor, path);
  }

  private WalkEntry advanceTo(WalkCursor cursor, String path) {
    byte[] wanted = FileTree.bytes(root.toString().substring(1) + "/" + path);
    WalkEvent event = cursor.next();
    while (!(event instanceof WalkEntry entry && Names.compare(entry.path(), wanted) == 0)) {
      event = cursor.next();
    }
    return (WalkEntry) event;
  }

  @Test
  void shouldGiveTheSameStreamAtEveryBoundAndThreadCount() throws IOException {
    long seed = 20_260_101;
    FileTree tree = randomTree(new Random(seed), 400);
    tree.writeTo(root);
    List<WalkLimits> limits =
        List.of(
            WalkLimits.defaults(),
            WalkLimits.defaults().withNamesInMemory(3, 2),
            WalkLimits.defaults().withNamesInMemory(3, 2).withStatAhead(0),
            WalkLimits.defaults().withBuffers(5, 100_000),
            WalkLimits.defaults().withBuffers(1, 1).withOpenDirectories(1),
            WalkLimits.defaults().withOpenDirectories(1).withStatAhead(3));
    for (WalkLimits limit : limits) {
      WalkRun run = WalkRun.of(root, options().withLimits(limit));
      assertEquals(paths(tree), run.events(), "seed " + seed + ", " + limit);
      assertEquals(List.of(), List.of(scratch.toFile().list()), "scratch must be empty");
    }
  }

  private static FileTree randomTree(Random random, int size) {
    FileTree tree = FileTree.empty();
    List<String> directories = new ArrayList<>(List.of(""));
    for (int i = 0; i < size; i++) {
      String parent = directories.get(random.nextInt(directories.size()));
      String name = parent + (char) ('!' + random.nextInt(14)) + Integer.toString(i, 36);
      if (random.nextInt(4) == 0) {
        tree = tree.directory(name);
        directories.add(name + "/");
      } else {
        tree = tree.file(name, "");
      }
    }
    return tree;
  }

  @Test
  void shouldWalkAloneWhenTheExecutorRefuses() throws IOException {
    SAMPLE.writeTo(root);
    try (WalkCursor cursor =
        WalkCursor.open(
            options(),
            task -> {
              throw new RejectedExecutionException();
            })) {
      advanceTo(cursor, "pipe");
    }
  }

  @Test
  void shouldWalkAloneWhenTheExecutorForgetsItsTasks() throws IOException {
    SAMPLE.writeTo(root);
    try (WalkCursor cursor = WalkCursor.open(options(), task -> {})) {
      advanceTo(cursor, "pipe");
    }
  }

  @Test
  void shouldEmitParentsOfRootsWithoutTheirOtherContent() throws IOException {
    SAMPLE.writeTo(root);
    WalkOptions narrowed = WalkOptions.of(List.of(root + "/a/b", root + "/pipe"), scratch);
    WalkRun run = WalkRun.of(root, narrowed);
    assertEquals(List.of("a", "a/b", "a/b/c", "pipe"), run.events());
    String first = temporary.getName(0).toString();
    try (WalkCursor cursor = WalkCursor.open(narrowed, Runnable::run)) {
      WalkEntry entry = assertInstanceOf(WalkEntry.class, cursor.next());
      assertEquals(first, FileTree.string(entry.path()));
    }
  }

  @Test
  void shouldWalkNestedRootsOnce() throws IOException {
    SAMPLE.writeTo(root);
    WalkOptions nested =
        WalkOptions.of(List.of(root + "/a/b/", root.toString(), root + "//a"), scratch);
    assertEquals(paths(SAMPLE), WalkRun.of(root, nested).events());
  }

  @Test
  void shouldReportMissingRootsInTheirPlace() throws IOException {
    SAMPLE.writeTo(root);
    WalkOptions missing =
        WalkOptions.of(
            List.of(root + "/b/c", root + "/a/zz", root + "/link/x", root + "/a"), scratch);
    assertEquals(
        List.of(
            "a",
            "a/b",
            "a/b/c",
            "a/z",
            "gap a/zz VANISHED ENOENT",
            "gap b/c VANISHED ENOENT",
            "link",
            "gap link/x VANISHED ENOTDIR"),
        WalkRun.of(root, missing).events());
  }

  @Test
  void shouldRefuseRootsThatAreNotPlainPaths() {
    for (String path : List.of("relative", "", "/a/../b", "/a/./b", "/a\0b")) {
      HoldfastException e =
          assertThrows(
              HoldfastException.class,
              () -> WalkCursor.open(WalkOptions.of(List.of(path), scratch), Runnable::run));
      assertEquals(ErrorCode.INVALID_ARGUMENT, e.code());
    }
  }

  @Test
  void shouldLeaveOutWhatTheFilterSays() throws IOException {
    SAMPLE.writeTo(root);
    PathFilter filter = PathFilter.parse(List.of("*", "!*/", "!c", root + "/empty/"));
    WalkRun run = WalkRun.of(root, options().withFilter(filter));
    assertEquals(List.of("a", "a/b", "a/b/c"), run.events());
    assertEquals(8, run.counts().excluded());
  }

  @Test
  void shouldWalkARootInsideWhatTheFilterLeavesOut() throws IOException {
    SAMPLE.writeTo(root);
    WalkOptions both = WalkOptions.of(List.of(root.toString(), root + "/a/b"), scratch);
    WalkRun run = WalkRun.of(root, both.withFilter(PathFilter.parse(List.of("a*", "[!a]*"))));
    assertEquals(List.of("a", "a/b"), run.events());
  }

  @Test
  void shouldNeverTouchTheAgentsOwnState() throws IOException {
    SAMPLE.writeTo(root);
    WalkRun run = WalkRun.of(root, options().withAlwaysExcluded(List.of(Names.of(root + "/a"))));
    assertEquals(7, run.events().size());
    assertEquals(1, run.counts().excluded());
  }

  @Test
  void shouldReduceACacheToItsTag() throws IOException {
    String signature = "Signature: 8a477f597d28d172789f06886806bc55\n# made by a test";
    FileTree.empty()
        .directory("cache")
        .file("cache/CACHEDIR.TAG", signature)
        .file("cache/big", "")
        .directory("cache/deep")
        .directory("fake")
        .file("fake/CACHEDIR.TAG", "Signature: forged")
        .file("fake/kept", "")
        .writeTo(root);
    WalkRun run = WalkRun.of(root, options());
    assertEquals(
        List.of("cache", "cache/CACHEDIR.TAG", "fake", "fake/CACHEDIR.TAG", "fake/kept"),
        run.events());
    assertEquals(1, run.counts().cacheDirectories());
    assertEquals(7, WalkRun.of(root, options().withCacheTags(false)).events().size());
  }

  @Test
  void shouldCountSocketsAndLeaveThemOut() throws IOException {
    FileTree.empty().file("a", "").writeTo(root);
    int mode = FileKind.SOCKET.modeBits() | 0600;
    Nodes.makeNode(Posix.NO_DIRECTORY, Names.of(root + "/socket"), mode, 0);
    WalkRun run = WalkRun.of(root, options());
    assertEquals(List.of("a"), run.events());
    assertEquals(1, run.counts().sockets());
  }

  @Test
  void shouldKeepMountPointsEmptyWhenAskedTo() {
    Path dev = Path.of("/dev");
    WalkOptions crossing = WalkOptions.of(List.of("/dev"), scratch);
    WalkRun run = WalkRun.of(dev, crossing.withOneFileSystem(true));
    assertTrue(run.events().contains("shm"));
    assertTrue(run.events().stream().noneMatch(p -> p.startsWith("shm/")));
    WalkOptions named = WalkOptions.of(List.of("/dev", "/dev/pts"), scratch);
    WalkRun inner = WalkRun.of(dev, named.withOneFileSystem(true));
    assertTrue(inner.events().contains("pts/ptmx"), inner.events().toString());
  }

  @Test
  void shouldKeepKernelFileSystemsEmptyUnlessNamed() {
    Path dev = Path.of("/dev");
    WalkRun run = WalkRun.of(dev, WalkOptions.of(List.of("/dev"), scratch));
    assertTrue(run.events().contains("pts"));
    assertTrue(run.events().stream().noneMatch(p -> p.startsWith("pts/")));
    assertTrue(run.counts().fileSystems() >= 1);
  }

  @Test
  void shouldKeepADirectoryThatCantBeReadAndReportItsContent() throws IOException {
    SAMPLE.writeTo(root);
    HostileCalls calls = new HostileCalls().failOpen("b", Errno.EACCES);
    WalkRun run = WalkRun.of(root, options(), calls);
    assertEquals(
        List.of("a", "a/b", "gap a/b DIRECTORY_UNREADABLE EACCES", "a/z"),
        run.events().subList(0, 4));
    assertEquals(paths(SAMPLE).size(), run.events().size());
  }

  @Test
  void shouldKeepWhatAnInterruptedListingFound() throws IOException {
    SAMPLE.writeTo(root);
    HostileCalls calls = new HostileCalls().failRead("b", Errno.EIO);
    assertEquals(
        List.of("a", "a/b", "gap a/b DIRECTORY_UNREADABLE EIO", "a/b/c", "a/z"),
        WalkRun.of(root, options(), calls).events().subList(0, 5));
  }

  @Test
  void shouldReportWhatVanishedBetweenListingAndDescription() throws IOException {
    SAMPLE.writeTo(root);
    HostileCalls calls = new HostileCalls().failStat("z", Errno.ENOENT).failStat("c", Errno.EACCES);
    assertEquals(
        List.of("a", "a/b", "gap a/b/c UNREADABLE EACCES", "gap a/z VANISHED ENOENT", "a!"),
        WalkRun.of(root, options(), calls).events().subList(0, 5));
  }

  @Test
  void shouldNotEnterADirectoryThatTookThePlaceOfTheOneItSaw() throws IOException {
    SAMPLE.writeTo(root);
    HostileCalls calls = new HostileCalls().beforeOpen("b", () -> replace(root.resolve("a/b")));
    assertEquals(
        List.of("a", "a/b", "gap a/b CHANGED ESTALE", "a/z"),
        WalkRun.of(root, options(), calls).events().subList(0, 4));
  }

  private static void replace(Path directory) {
    try {
      Files.move(directory, directory.resolveSibling("moved"));
      Files.createDirectory(directory);
      Files.createFile(directory.resolve("planted"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void shouldOpenExactlyTheFileItSaw() throws IOException {
    SAMPLE.writeTo(root);
    try (WalkCursor cursor = WalkCursor.open(options(), Runnable::run)) {
      FileLocator locator = advanceTo(cursor, "a.txt").locator();
      FileStat seen = locator.seen();
      try (PosixFile file = locator.open();
          Arena arena = Arena.ofConfined()) {
        assertEquals(seen, file.stat());
        assertEquals(3, file.read(arena.allocate(10), 0));
      }
      Files.move(root.resolve("a!"), root.resolve("a.txt"), StandardCopyOption.REPLACE_EXISTING);
      PosixException e = assertThrows(PosixException.class, locator::open);
      assertEquals(Errno.ESTALE, e.errno());
      Files.delete(root.resolve("a.txt"));
      Files.createSymbolicLink(root.resolve("a.txt"), Path.of("a/z"));
      assertEquals(Errno.ELOOP, assertThrows(PosixException.class, locator::open).errno());
    }
  }

  @Test
  void shouldOpenFilesLongAfterTheirDirectoryWasLeft() throws IOException {
    SAMPLE.writeTo(root);
    WalkOptions tight = options().withLimits(WalkLimits.defaults().withOpenDirectories(1));
    List<FileLocator> locators = new ArrayList<>();
    try (WalkCursor cursor = WalkCursor.open(tight, Runnable::run)) {
      while (cursor.next() instanceof WalkEntry entry) {
        if (entry.kind() == FileKind.FILE) {
          locators.add(entry.locator());
        }
      }
      for (FileLocator locator : locators) {
        locator.open().close();
        assertEquals(List.of(), locator.xattrs());
      }
    }
    FileLocator late = locators.getFirst();
    assertEquals(Errno.EBADF, assertThrows(PosixException.class, late::open).errno());
  }

  @Test
  void shouldReadAttributesOfEveryKind() throws IOException {
    FileTree tree = FileTree.empty().file("f", "").xattr("user.a", new byte[] {1});
    try {
      tree.writeTo(root);
    } catch (PosixException e) {
      Assumptions.abort("no extended attributes here");
    }
    try (WalkCursor cursor = WalkCursor.open(options(), Runnable::run)) {
      assertEquals(
          List.copyOf(tree.nodes().get("f").xattrs()), advanceTo(cursor, "f").locator().xattrs());
    }
  }

  @Test
  void shouldSortALargeDirectoryOnDiskAndLeaveNothingBehind() throws IOException {
    int count = 1_500;
    TreeGenerator.flat(root, count);
    WalkLimits limits = WalkLimits.defaults().withNamesInMemory(100, 64).withBuffers(300, 1 << 20);
    WalkRun run = WalkRun.of(root, options().withLimits(limits));
    assertEquals(count, run.events().size());
    assertEquals(run.events().stream().sorted().toList(), run.events());
    assertEquals(0, scratch.toFile().list().length);
    assertTrue(run.heldPeak() < 1_000, "held " + run.heldPeak());
  }

  @Test
  void shouldSayThatTheScratchDirectoryFailed() throws IOException {
    TreeGenerator.flat(root, 500);
    WalkLimits limits = WalkLimits.defaults().withNamesInMemory(100, 64);
    WalkOptions broken =
        WalkOptions.of(List.of(root.toString()), scratch.resolve("absent")).withLimits(limits);
    HoldfastException e = assertThrows(HoldfastException.class, () -> WalkRun.of(root, broken));
    assertEquals(ErrorCode.IO, e.code());
    assertTrue(e.getMessage().contains("absent"), e.getMessage());
  }

  @Test
  void shouldHoldNoMoreEntriesThanItMay() throws IOException {
    TreeGenerator.nested(root, 5, 10, 20);
    WalkLimits limits = WalkLimits.defaults().withBuffers(200, 1 << 20);
    WalkRun run = WalkRun.of(root, options().withLimits(limits));
    assertEquals(5 + 50 + 1_000, run.events().size());
    assertTrue(run.heldPeak() <= 200 + 8 * 20 + 50, "held " + run.heldPeak());
  }

  @Test
  void shouldCloseEveryDescriptorAndKeepFewOpen() throws IOException {
    TreeGenerator.nested(root, 5, 30, 2);
    HostileCalls calls = new HostileCalls();
    WalkLimits limits = WalkLimits.defaults().withOpenDirectories(4);
    WalkRun.of(root, options().withLimits(limits), calls);
    assertEquals(0, calls.openNow());
    assertTrue(calls.openPeak() <= 4 + 2 * 9, "open " + calls.openPeak());
  }

  @Test
  void shouldStopInTheMiddleWithoutLeaks() throws IOException {
    TreeGenerator.nested(root, 5, 30, 5);
    HostileCalls calls = new HostileCalls();
    try (ExecutorService executor = Executors.newFixedThreadPool(8)) {
      WalkLimits limits = WalkLimits.defaults().withNamesInMemory(3, 2);
      WalkCursor cursor = WalkCursor.open(options().withLimits(limits), executor, calls);
      for (int i = 0; i < 200; i++) {
        cursor.next();
      }
      cursor.close();
    }
    assertEquals(0, calls.openNow());
    assertEquals(0, scratch.toFile().list().length);
  }

  @Test
  void shouldStayAtTheEnd() {
    try (WalkCursor cursor = WalkCursor.open(options(), Runnable::run)) {
      while (!cursor.isAtEnd()) {
        cursor.next();
      }
      assertNull(cursor.next());
    }
  }
}
