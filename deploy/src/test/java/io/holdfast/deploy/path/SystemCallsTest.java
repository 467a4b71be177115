package io.holdfast.deploy.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.agent.backup.BackupResult;
import io.holdfast.agent.posix.Posix;
import io.holdfast.agent.restore.RestorePlan;
import io.holdfast.agent.testkit.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a file costs in system calls, and an unchanged backup in objects of the vault: numbers that
 * are the same on every machine. Each limit is what the code reached when it was set; whoever does
 * better lowers it, whoever must raise it says why in the commit.
 */
class SystemCallsTest {
  private static final int FILES = 2_000;

  @TempDir Path directory;

  private Fleet fleet;
  private ProtectedHost host;
  private Path source;

  @BeforeEach
  void found() throws Exception {
    MovableTime time = new MovableTime();
    time.advance(Duration.ofMinutes(1)); // or what was just written were too young to be trusted
    fleet = Fleet.found(directory.resolve("fleet"), time);
    host = fleet.enrol("alpha");
    source = Files.createDirectories(directory.resolve("source"));
    FileTree tree = FileTree.empty();
    for (int i = 0; i < FILES; i++) {
      if (i % 50 == 0) {
        tree = tree.directory("d" + i / 50);
      }
      tree = tree.file("d" + i / 50 + "/file-" + i, BackupAndRestoreTest.noise(300 + i, i));
    }
    tree.writeTo(source);
  }

  @AfterEach
  void close() {
    host.close();
    fleet.close();
  }

  private static void atMost(double limit, long calls, String what) {
    double each = (double) calls / FILES;
    assertTrue(
        each <= limit, () -> "%s: %.3f calls a file, limit %.3f".formatted(what, each, limit));
  }

  private BackupResult backup() throws InterruptedException {
    BackupResult result = host.backup(source);
    assertTrue(result.isComplete(), () -> result.gaps().toString());
    return result;
  }

  @Test
  void shouldAskTheKernelForNoMoreThanAFileNeeds() throws Exception {
    long start = Posix.calls();
    BackupResult first = backup();
    long read = Posix.calls();
    atMost(8.3, read - start, "a first backup");

    backup();
    long unchanged = Posix.calls();
    atMost(1.2, unchanged - read, "an unchanged backup");

    host.restore(first.snapshot(), directory.resolve("target"), RestorePlan.EVERYTHING);
    atMost(11.3, Posix.calls() - unchanged, "a restore");
  }

  @Test
  void shouldStoreNothingButARecordWhenNothingChanged() throws Exception {
    backup();
    Map<String, Long> before = objects();
    backup();
    Map<String, Long> after = objects();
    after.keySet().removeAll(before.keySet());
    long packs = after.keySet().stream().filter(name -> name.contains("pack")).count();
    assertEquals(0, packs, () -> "new objects: " + after);
    assertTrue(after.size() <= 3, () -> "new objects: " + after);
    long bytes = after.values().stream().mapToLong(Long::longValue).sum();
    assertTrue(bytes <= 1_100, () -> bytes + " bytes in " + after);
  }

  /** Size by name. */
  private Map<String, Long> objects() throws IOException {
    Map<String, Long> objects = new TreeMap<>();
    try (Stream<Path> files = Files.walk(fleet.vault())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        objects.put(fleet.vault().relativize(file).toString(), Files.size(file));
      }
    }
    return objects;
  }
}
