package io.holdfast.agent.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.agent.posix.FileKind;
import io.holdfast.agent.posix.Names;
import io.holdfast.agent.posix.Posix;
import io.holdfast.agent.posix.PosixFile;
import io.holdfast.agent.testkit.BtrfsDisk;
import io.holdfast.agent.testkit.FileTree;
import io.holdfast.agent.walk.WalkCursor;
import io.holdfast.agent.walk.WalkEntry;
import io.holdfast.agent.walk.WalkEvent;
import io.holdfast.agent.walk.WalkGap;
import io.holdfast.agent.walk.WalkOptions;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Snapshots of subvolumes on a btrfs of its own. Skipped, with the reason, where this machine can't
 * mount one: no root, no btrfs-progs, or no btrfs in its kernel.
 */
class SubvolumesTest {
  private static final String JOB = "00ff";

  @TempDir static Path temporary;

  private final List<Path> made = new ArrayList<>();
  private BtrfsDisk disk;
  private Path top;

  @BeforeEach
  void mount() throws Exception {
    Optional<String> whyNot = BtrfsDisk.whyNot(temporary);
    assumeTrue(whyNot.isEmpty(), () -> whyNot.orElse(""));
    disk = BtrfsDisk.make(Files.createTempDirectory(temporary, "disk"));
    top = disk.mountPoint();
    FileTree.empty().file("a", "before").directory("d").file("d/b", "before").writeTo(top);
  }

  @AfterEach
  void unmount() throws Exception {
    if (disk != null) {
      disk.close();
    }
  }

  private PointInTime freeze(Path... sources) {
    return new Subvolumes(List.of(sources), JOB, made::add).freeze(Mounts.places());
  }

  private void removeAll() {
    for (Path snapshot : made.reversed()) {
      assertEquals(Optional.empty(), Subvolumes.remove(snapshot));
    }
  }

  /** What a walk of {@code source} reads, by its path from the top of the disk. */
  private Map<String, String> read(PointInTime files, Path source) throws IOException {
    Map<String, String> read = new TreeMap<>();
    Path scratch = Files.createDirectories(temporary.resolve("scratch"));
    WalkOptions options =
        WalkOptions.of(List.of(source.toString()), scratch)
            .withAlwaysExcluded(files.excluded())
            .withElsewhere(files.elsewhere());
    try (ExecutorService executor = Executors.newFixedThreadPool(2);
        WalkCursor cursor = WalkCursor.open(options, executor)) {
      for (WalkEvent event = cursor.next(); event != null; event = cursor.next()) {
        switch (event) {
          case WalkEntry entry -> {
            Path path = Path.of("/" + FileTree.string(entry.path()));
            if (path.startsWith(top) && entry.kind() == FileKind.FILE) {
              read.put(top.relativize(path).toString(), content(entry));
            }
          }
          case WalkGap gap -> read.put(FileTree.string(gap.path()), gap.errnoText());
        }
      }
    }
    return read;
  }

  private static String content(WalkEntry entry) throws IOException {
    try (PosixFile file = entry.locator().open();
        Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(100);
      file.read(buffer, 0); // what follows is zeros
      return buffer.getString(0);
    }
  }

  @Test
  void shouldReadThePastUnderItsOwnPaths() throws Exception {
    PointInTime files = freeze(top);
    Files.writeString(top.resolve("a"), "after!");
    Files.writeString(top.resolve("new"), "new");
    Files.delete(top.resolve("d/b"));
    assertEquals(Map.of("a", "before", "d/b", "before"), read(files, top));
    assertEquals(device(top), files.counting().applyAsLong(device(made.getFirst())));

    removeAll();
    assertFalse(Files.exists(made.getFirst()));
    assertEquals("after!", Files.readString(top.resolve("a")));
  }

  private static long device(Path path) throws IOException {
    return Posix.statAt(Posix.NO_DIRECTORY, Names.of(path.toString())).device();
  }

  @Test
  void shouldFreezeSubvolumesInTheSourcesToo() throws Exception {
    disk.subvolume("d/sub");
    disk.subvolume("d/sub/deeper");
    disk.subvolume("elsewhere");
    Files.writeString(top.resolve("d/sub/s"), "before");
    Files.writeString(top.resolve("d/sub/deeper/t"), "before");
    Files.writeString(top.resolve("elsewhere/u"), "before");
    PointInTime files = freeze(top.resolve("d"));
    Files.writeString(top.resolve("d/sub/s"), "after!");
    Files.writeString(top.resolve("d/sub/deeper/t"), "after!");
    assertEquals(
        Map.of("d/b", "before", "d/sub/s", "before", "d/sub/deeper/t", "before"),
        read(files, top.resolve("d")));
    assertEquals(3, made.size());
    removeAll();
  }

  @Test
  void shouldReadReadOnlySubvolumesWhereTheyAre() throws Exception {
    disk.subvolume("sub");
    Files.writeString(top.resolve("sub/s"), "before");
    disk.readOnlySnapshot("sub", "kept");
    PointInTime files = freeze(top);
    assertEquals(2, made.size());
    assertEquals(
        Map.of("a", "before", "d/b", "before", "sub/s", "before", "kept/s", "before"),
        read(files, top));
    removeAll();
  }

  @Test
  void shouldTakeAnotherSourceInTheSameSubvolumeOnce() throws Exception {
    PointInTime files = freeze(top.resolve("a"), top.resolve("d"), top.resolve("absent/x"));
    assertEquals(1, made.size());
    assertEquals(Map.of("d/b", "before"), read(files, top.resolve("d")));
    assertEquals(Map.of("a", "before"), read(files, top.resolve("a")));
    removeAll();
  }

  @Test
  void shouldReadAnotherFileSystemMountedWithinAsItIs() throws Exception {
    try (BtrfsDisk other = BtrfsDisk.make(Files.createDirectory(top.resolve("mounted")))) {
      Files.writeString(other.mountPoint().resolve("m"), "there");
      PointInTime files = freeze(top);
      assertEquals(Map.of("a", "before", "d/b", "before", "mounted/m", "there"), read(files, top));
      removeAll();
    }
  }

  @Test
  void shouldSayWhyItCannot() throws Exception {
    disk.remountReadOnly();
    HoldfastException refused = assertThrows(HoldfastException.class, () -> freeze(top));
    assertEquals(ErrorCode.POINT_IN_TIME_FAILED, refused.code());
    assertTrue(refused.getMessage().contains("EROFS"), refused.getMessage());
    removeAll();
  }
}
