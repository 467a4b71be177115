package io.holdfast.agent.walk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.agent.posix.FileKind;
import io.holdfast.agent.posix.Names;
import io.holdfast.agent.posix.PosixFile;
import io.holdfast.agent.testkit.FileTree;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read from elsewhere comes under the paths of the walk, with the content from there. */
class ElsewhereTest {
  @TempDir Path temporary;
  private Path root;
  private Path frozen;
  private Path other;
  private Path scratch;

  @BeforeEach
  void make() throws IOException {
    root = Files.createDirectory(temporary.resolve("root"));
    frozen = Files.createDirectory(temporary.resolve("frozen"));
    other = Files.createDirectory(temporary.resolve("other"));
    scratch = Files.createDirectory(temporary.resolve("scratch"));
    FileTree.empty()
        .file("before", "live")
        .directory("data")
        .file("data/a", "live")
        .file("data/only live", "live")
        .directory("data/deep")
        .directory("data/deep/er")
        .file("data/deep/er/b", "live")
        .directory("data/nested")
        .file("data/nested/n", "live")
        .writeTo(root);
    FileTree.empty()
        .file("a", "frozen")
        .directory("deep")
        .directory("deep/er")
        .file("deep/er/b", "frozen")
        .symlink("link", "nowhere")
        .directory("nested")
        .writeTo(frozen);
    FileTree.empty().file("n", "other").writeTo(other);
  }

  private WalkOptions options(Elsewhere... places) {
    return WalkOptions.of(List.of(root.toString()), scratch).withElsewhere(List.of(places));
  }

  private static Elsewhere from(Path path, Path readFrom) {
    return new Elsewhere(Names.of(path.toString()), Names.of(readFrom.toString()));
  }

  /** Content of the files below the root; of other things their kind. */
  private Map<String, String> read(WalkOptions options) throws IOException {
    Map<String, String> read = new TreeMap<>();
    String prefix = root.toString().substring(1) + "/";
    try (ExecutorService executor = Executors.newFixedThreadPool(4);
        WalkCursor cursor = WalkCursor.open(options, executor)) {
      for (WalkEvent event = cursor.next(); event != null; event = cursor.next()) {
        switch (event) {
          case WalkEntry entry -> {
            String path = FileTree.string(entry.path());
            if (path.startsWith(prefix)) {
              assertEquals(0, entry.locator().xattrs().size());
              boolean file = entry.kind() == FileKind.FILE;
              String what = file ? content(entry.locator()) : entry.kind().toString();
              read.put(path.substring(prefix.length()), what);
            }
          }
          case WalkGap gap ->
              read.put(FileTree.string(gap.path()).substring(prefix.length()), gap.errnoText());
        }
      }
    }
    return read;
  }

  private static String content(FileLocator locator) throws IOException {
    try (PosixFile file = locator.open();
        Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(100);
      long length = file.read(buffer, 0);
      byte[] bytes = buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private static final Map<String, String> EXPECTED =
      Map.of(
          "before", "live",
          "data", "DIRECTORY",
          "data/a", "frozen",
          "data/deep", "DIRECTORY",
          "data/deep/er", "DIRECTORY",
          "data/deep/er/b", "frozen",
          "data/link", "SYMLINK",
          "data/nested", "DIRECTORY",
          "data/nested/n", "other");

  @Test
  void shouldReadDirectoriesFromElsewhere() throws IOException {
    WalkOptions options =
        options(from(root.resolve("data"), frozen), from(root.resolve("data/nested"), other));
    assertEquals(EXPECTED, read(options));
  }

  @Test
  void shouldReachThemWithFewDescriptors() throws IOException {
    WalkOptions options =
        options(from(root.resolve("data"), frozen), from(root.resolve("data/nested"), other));
    WalkLimits few = WalkLimits.defaults().withStatAhead(0).withOpenDirectories(1);
    assertEquals(EXPECTED, read(options.withLimits(few)));
  }

  @Test
  void shouldReadARootAndASingleFileFromElsewhere() throws IOException {
    Path file = root.resolve("before");
    Path below = root.resolve("data/deep");
    WalkOptions options =
        WalkOptions.of(List.of(file.toString(), below.toString()), scratch)
            .withElsewhere(
                List.of(from(file, frozen.resolve("a")), from(below, frozen.resolve("deep"))));
    assertEquals(
        Map.of(
            "before", "frozen",
            "data", "DIRECTORY",
            "data/deep", "DIRECTORY",
            "data/deep/er", "DIRECTORY",
            "data/deep/er/b", "frozen"),
        read(options));
  }

  @Test
  void shouldReportWhatIsNotThere() throws IOException {
    Path file = root.resolve("before");
    WalkOptions options =
        WalkOptions.of(List.of(file.toString()), scratch)
            .withElsewhere(List.of(from(file, frozen.resolve("absent"))));
    assertEquals(Map.of("before", "ENOENT"), read(options));
  }
}
