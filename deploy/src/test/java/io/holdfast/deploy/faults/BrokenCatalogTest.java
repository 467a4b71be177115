package io.holdfast.deploy.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.testkit.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever became of the catalog's directory, a coordinator that starts drops and rebuilds it. */
class BrokenCatalogTest {
  @TempDir Path root;

  private final Seed seed = Seed.of(BrokenCatalogTest.class);
  private DiskFleet fleet;
  private SeededSource source;
  private final Set<SnapshotId> made = new HashSet<>();

  /** What happens to a file, or to the directory. */
  private interface Damage {
    void to(Path path) throws IOException;
  }

  @BeforeEach
  void found() throws Exception {
    fleet = DiskFleet.found(root, seed.value());
    source = new SeededSource(seed.value(), Files.createDirectory(root.resolve("s")), 12, 50_000);
    backUp();
  }

  private void backUp() throws Exception {
    source.moveTo(source.version() + 1);
    SnapshotId snapshot = fleet.backup(source.directory());
    made.add(snapshot);
    fleet.checkRestores(snapshot, source.directory(), source.tree(source.version()));
  }

  @AfterEach
  void close() {
    fleet.close();
  }

  @Test
  void shouldRebuildWhateverFileIsDamaged() throws Exception {
    List<Damage> damages =
        List.of(
            Files::delete,
            path -> Files.write(path, new byte[0]),
            BrokenCatalogTest::cutInHalf,
            path -> Files.writeString(path, "no file of a store, nor ever was"));
    for (String kind : List.of("CURRENT", "MANIFEST", ".sst", "OPTIONS", "IDENTITY")) {
      for (Damage damage : damages) {
        startWith(kind, damage);
      }
    }
  }

  @Test
  void shouldRebuildWhateverBecameOfTheDirectory() throws Exception {
    startWithout(Trees::delete);
    startWithout(directory -> {
      Trees.delete(directory);
      Files.createDirectory(directory);
    });
    startWithout(directory -> {
      for (Path file : files(directory)) {
        Files.writeString(file, "x", StandardCharsets.UTF_8, StandardOpenOption.TRUNCATE_EXISTING);
      }
    });
  }

  private static void cutInHalf(Path path) throws IOException {
    byte[] all = Files.readAllBytes(path);
    Files.write(path, Arrays.copyOf(all, all.length / 2));
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private void startWith(String kind, Damage damage) throws Exception {
    startWithout(directory -> {
      for (Path file : files(directory)) {
        if (file.getFileName().toString().contains(kind)) {
          damage.to(file);
        }
      }
    });
  }

  private void startWithout(Damage damage) throws Exception {
    fleet.stop();
    damage.to(fleet.catalog());
    fleet.start();
    assertEquals(made, Set.copyOf(fleet.snapshots()));
    backUp();
    fleet.checkProven();
  }
}
