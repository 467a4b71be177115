package io.holdfast.agent.tree;

import static io.holdfast.agent.tree.TreeFixture.PLAIN;
import static io.holdfast.agent.tree.TreeFixture.PLAIN_DIRECTORY;
import static io.holdfast.agent.tree.TreeFixture.path;
import static io.holdfast.agent.tree.TreeFixture.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.agent.posix.Errno;
import io.holdfast.agent.posix.FileKind;
import io.holdfast.agent.posix.Names;
import io.holdfast.agent.posix.Nodes;
import io.holdfast.agent.posix.Posix;
import io.holdfast.agent.posix.PosixException;
import io.holdfast.agent.testkit.FileTree;
import io.holdfast.agent.testkit.TreeNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Attempts to leave the target, judged by what changed around it. Every attempt aims at the
 * temporary directory around the target, even the absolute ones: if the writer under test ever did
 * leave, it must not reach the machine that runs the test.
 */
class ContainmentTest {
  @TempDir Path temporary;
  private TreeFixture fixture;
  private Path outside;
  private FileTree around;
  private int moved;

  @BeforeEach
  void plantOutside() throws IOException {
    fixture = new TreeFixture(temporary);
    outside = Files.createDirectory(fixture.parent.resolve("outside"));
    FileTree.empty()
        .file("victim", "untouched")
        .mode(0640)
        .modified(42, 43)
        .directory("empty")
        .mode(0750)
        .modified(44, 45)
        .writeTo(outside);
    Nodes.setModifyTimeAt(Posix.NO_DIRECTORY, Names.of(outside.toString()), 46, 47);
  }

  /** What lies around the target, modification times of directories included. */
  private FileTree lookAround() throws IOException {
    FileTree all = FileTree.read(fixture.parent);
    FileTree found = FileTree.empty();
    for (Map.Entry<String, TreeNode> entry : all.nodes().entrySet()) {
      if (!entry.getKey().equals("target") && !entry.getKey().startsWith("target/")) {
        TreeNode node = entry.getValue();
        found =
            (node.kind() == FileKind.DIRECTORY
                    ? found.directory(entry.getKey())
                    : found.file(entry.getKey(), node.data().firstEntry().getValue()))
                .mode(node.mode())
                .modified(node.modifySeconds(), node.modifyNanos());
      }
    }
    return found;
  }

  private void assertNothingHappenedOutside() throws IOException {
    assertEquals(List.of(), around.differences(lookAround()));
  }

  /** One of every operation on {@code path}. */
  private static void tryEverything(TreeWriter writer, byte[] path) {
    byte[] harmless = path("harmless");
    writer
        .file(path, 1, Allocation.DENSE, PLAIN)
        .ifPresent(sink -> {
          TreeFixture.write(sink, 0, new byte[] {'!'});
          sink.finish();
        });
    writer.symlink(path, path("anywhere"), PLAIN);
    writer.special(path, FileKind.FIFO, 0, PLAIN);
    writer.hardLink(path, harmless);
    writer.hardLink(path("stolen"), path);
    writer.directory(path, PLAIN_DIRECTORY);
    writer.file(concat(path, "/below"), 1, Allocation.SPARSE, PLAIN).ifPresent(FileSink::finish);
  }

  private static byte[] concat(byte[] path, String more) {
    byte[] end = path(more);
    byte[] joined = Arrays.copyOf(path, path.length + end.length);
    System.arraycopy(end, 0, joined, path.length, end.length);
    return joined;
  }

  static Stream<String> unsafePaths() {
    List<String> paths = new ArrayList<>();
    paths.addAll(List.of("", ".", "..", "./", "../"));
    paths.addAll(List.of("../outside", "../outside/victim", "../../x", "../target/x"));
    paths.addAll(List.of("d/..", "d/../..", "d/../../outside/victim", "d/../x", "d/./x"));
    paths.addAll(List.of("./x", "x/.", "x/..", "x//y", "//x", "x/", "d//"));
    paths.addAll(List.of("OUTSIDE/new", "OUTSIDE/victim", "/OUTSIDE/new", "..//outside/victim"));
    paths.addAll(List.of("d/../../outside/new", "d/./../../outside/new", "a/b/c/../../../../x"));
    paths.addAll(List.of("x\0", "\0", "x\0/../../outside/victim", "../outside/victim\0.txt"));
    paths.addAll(List.of("d/x\0y", "..\0", ".\0."));
    paths.add("n".repeat(256));
    paths.add("d/" + "n".repeat(300) + "/x");
    paths.add("a/".repeat(40_000) + "x");
    paths.add("../".repeat(100) + "OUTSIDE/new");
    return paths.stream();
  }

  @ParameterizedTest
  @MethodSource("unsafePaths")
  void shouldRefusePathsThatAreNotPlainNames(String template) throws IOException {
    String path =
        template.replace("../OUTSIDE", ".." + outside).replace("OUTSIDE", outside.toString());
    FileTree.empty().directory("d").file("harmless", "h").writeTo(fixture.target);
    around = lookAround();
    FileTree before = fixture.read();
    TreeOptions daring =
        fixture.options().withReplaceOtherKinds(true).withPrivileges(Privileges.full());
    try (TreeWriter writer = fixture.open(daring)) {
      tryEverything(writer, path(path));
      TreeReport report = writer.finish();
      assertTrue(report.counts().get(DifferenceReason.UNSAFE_PATH) >= 6, report.toString());
    }
    assertNothingHappenedOutside();
    assertEquals(List.of(), before.differences(fixture.read()));
  }

  /** Links planted in the target before the restore, and paths that would go through them. */
  static Stream<List<String>> plantedLinks() {
    List<List<String>> cases = new ArrayList<>();
    for (String target :
        List.of(
            "../outside",
            "OUTSIDE",
            "..",
            ".",
            "../outside/victim",
            "OUTSIDE/..",
            "OUTSIDE/empty")) {
      cases.add(List.of("evil", target, "evil"));
      cases.add(List.of("evil", target, "evil/victim"));
      cases.add(List.of("evil", target, "evil/new/deep"));
      cases.add(List.of("evil", target, "evil/outside/victim"));
    }
    cases.add(List.of("a/b/evil", "../../../outside", "a/b/evil/victim"));
    cases.add(List.of("a/evil", "../..", "a/evil/outside/victim"));
    cases.add(List.of("loop", "loop", "loop/x"));
    cases.add(List.of("dangling", "../outside/created", "dangling"));
    cases.add(List.of("dangling", "../outside/created", "dangling/x"));
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("plantedLinks")
  void shouldNeverFollowAPlantedLink(List<String> planted) throws IOException {
    attackThroughLink(planted, fixture.options());
    attackThroughLink(planted, fixture.options().withReplaceOtherKinds(true));
    attackThroughLink(
        planted,
        fixture
            .options()
            .withConflicts(ConflictMode.OVERWRITE_IF_DIFFERENT)
            .withReplaceOtherKinds(true));
    attackThroughLink(planted, fixture.options().withConflicts(ConflictMode.SKIP_EXISTING));
  }

  private void attackThroughLink(List<String> planted, TreeOptions options) throws IOException {
    Path link = fixture.target.resolve(planted.get(0));
    Path to = Path.of(planted.get(1).replace("OUTSIDE", outside.toString()));
    Files.createDirectories(link.getParent());
    removeAll(link);
    Files.createSymbolicLink(link, to);
    around = lookAround();
    try (TreeWriter writer = fixture.open(options)) {
      put(writer, "harmless", "h");
      tryEverything(writer, path(planted.get(2)));
      writer.finish();
    }
    assertNothingHappenedOutside();
    removeAll(link);
  }

  private static void removeAll(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      try (Stream<Path> below = Files.list(path)) {
        for (Path child : below.toList()) {
          removeAll(child);
        }
      }
    }
    Files.deleteIfExists(path);
  }

  @Test
  void shouldNotWriteThroughALinkItRestoredItself() throws IOException {
    around = lookAround();
    try (TreeWriter writer = fixture.open(fixture.options())) {
      writer.symlink(path("x"), path("../outside"), PLAIN);
      assertFalse(put(writer, "x/victim", "overwritten"));
      writer.symlink(path("y"), path("../outside/victim"), PLAIN);
      assertFalse(put(writer, "y", "overwritten"));
      writer.hardLink(path("z"), path("x/victim"));
      writer.directory(path("x"), PLAIN_DIRECTORY);
      assertEquals(4, writer.finish().missing());
    }
    assertNothingHappenedOutside();
  }

  @Test
  void shouldNotWriteThroughAHardLinkPlantedUnderTheFinalName() throws IOException {
    Files.createLink(fixture.target.resolve("f"), outside.resolve("victim"));
    around = lookAround();
    try (TreeWriter writer = fixture.open(fixture.options())) {
      assertTrue(put(writer, "f", "new"));
    }
    assertNothingHappenedOutside();
  }

  @Test
  void shouldNotWriteThroughLinksPlantedUnderTheTemporaryName() throws IOException {
    String temporaryName = FileTree.string(TemporaryName.of(path("f")));
    Files.createSymbolicLink(fixture.target.resolve(temporaryName), outside.resolve("victim"));
    around = lookAround();
    try (TreeWriter writer = fixture.open(fixture.options())) {
      assertTrue(put(writer, "f", "new"));
      Files.createLink(fixture.target.resolve(temporaryName), outside.resolve("victim"));
      assertTrue(put(writer, "f", "newer"));
    }
    assertNothingHappenedOutside();
    fixture.assertHolds(FileTree.empty().file("f", "newer"));
  }

  @Test
  void shouldRefuseEntriesThatHaveATemporaryName() throws IOException {
    try (TreeWriter writer = fixture.open(fixture.options())) {
      FileSink sink = writer.file(path("f"), 1, Allocation.DENSE, PLAIN).orElseThrow();
      assertFalse(put(writer, FileTree.string(TemporaryName.of(path("f"))), "half"));
      TreeFixture.write(sink, 0, new byte[] {'x'});
      assertTrue(sink.finish());
    }
    fixture.assertHolds(FileTree.empty().file("f", "x"));
  }

  @Test
  void shouldStayInTheDirectoryItOpenedWhenThatIsSwappedForALink() throws IOException {
    Files.createDirectory(fixture.target.resolve("d"));
    around = lookAround();
    try (TreeWriter writer = fixture.open(fixture.options())) {
      FileSink sink = writer.file(path("d/victim"), 1, Allocation.DENSE, PLAIN).orElseThrow();
      writer.directory(path("d"), PLAIN_DIRECTORY);
      Files.move(fixture.target.resolve("d"), fixture.target.resolve("moved"));
      Files.createSymbolicLink(fixture.target.resolve("d"), outside);
      TreeFixture.write(sink, 0, new byte[] {'!'});
      sink.finish();
      put(writer, "d/other", "x");
      writer.finish();
    }
    assertNothingHappenedOutside();
    assertTrue(Files.exists(fixture.target.resolve("moved/victim")));
  }

  @Test
  void shouldStayInsideWhileADirectoryIsSwappedForALinkAgainAndAgain() throws Exception {
    Files.createDirectory(fixture.target.resolve("d"));
    Files.createSymbolicLink(fixture.target.resolve("link"), outside);
    around = lookAround();
    AtomicBoolean stop = new AtomicBoolean();
    int inside = 0;
    try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
      Future<?> swapper = executor.submit(() -> swap(stop));
      TreeOptions forgetful = fixture.options().withBounds(1, 10).withReplaceOtherKinds(false);
      for (int round = 0; round < 30; round++) {
        try (TreeWriter writer = fixture.open(forgetful)) {
          for (int i = 0; i < 10; i++) {
            inside += put(writer, "d/f" + i, "x") ? 1 : 0;
            put(writer, "d/victim", "x");
            put(writer, "other" + i % 3 + "/f", "x");
            writer.symlink(path("d/l" + i), path("y"), PLAIN);
            writer.directory(path("d/e"), PLAIN_DIRECTORY);
            put(writer, "d/e/f", "x");
          }
          writer.finish();
        }
      }
      stop.set(true);
      swapper.get();
    }
    assertNothingHappenedOutside();
    assertTrue(inside > 0, "no write came through: the test proved nothing");
  }

  /** Exchanges d and the link to the outside by way of a third name. */
  private void swap(AtomicBoolean stop) {
    byte[] base = Names.of(fixture.target.toString());
    try {
      int fd = Posix.openDirectory(Posix.NO_DIRECTORY, base);
      while (!stop.get()) {
        Nodes.rename(fd, path("d"), fd, path("aside"));
        renameQuietly(fd, "link", "d");
        renameQuietly(fd, "d", "link");
        renameQuietly(fd, "aside", "d");
      }
      Posix.close(fd);
    } catch (PosixException e) {
      throw new AssertionError(e);
    }
  }

  /** The writer makes a d of its own when it finds none: clear it away until that works. */
  private void renameQuietly(int fd, String from, String to) throws PosixException {
    boolean renamed = false;
    while (!renamed) {
      try {
        Nodes.renameUnlessPresent(fd, path(from), fd, path(to));
        renamed = true;
      } catch (PosixException e) {
        moveAway(fd, to);
      }
    }
  }

  private void moveAway(int fd, String name) throws PosixException {
    try {
      Nodes.rename(fd, path(name), fd, path("gone" + moved++));
    } catch (PosixException e) {
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
    }
  }
}
