package io.holdfast.deploy.path;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.agent.backup.BackupResult;
import io.holdfast.agent.restore.RestoreLimits;
import io.holdfast.agent.restore.RestorePlan;
import io.holdfast.agent.restore.RestoreResult;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.snapshot.OpenSnapshot;
import io.holdfast.coordinator.recovery.Recovery;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A chunk lies in two places of the vault, and the bytes of the first, all of whose sums are right,
 * don't open.
 */
class OtherCopyTest {
  @TempDir static Path shared;
  @TempDir Path directory;

  private static Fleet fleet;
  private static ProtectedHost host;

  @BeforeAll
  static void found() throws Exception {
    fleet = Fleet.found(shared);
    host = fleet.enrol("alpha");
  }

  @AfterAll
  static void stop() {
    host.close();
    fleet.close();
  }

  /** A backup of one file, whose content was stored in these copies before. */
  private BackupResult backup(byte[] content, boolean... copies) throws Exception {
    Files.write(Files.createDirectories(source()).resolve("file"), content);
    host.store(ChunkKind.BUNDLE, content, copies);
    BackupResult result = host.backup(source());
    assertTrue(result.isComplete());
    assertTrue(result.counters().uploadedPlainBytes() < content.length, "only pages were sent");
    return result;
  }

  private Path source() {
    return directory.resolve("source");
  }

  private byte[] restored() throws Exception {
    Path target = directory.resolve("target");
    return Files.readAllBytes(target.resolve(source().toString().substring(1)).resolve("file"));
  }

  @Test
  void shouldRestoreFromTheCopyThatOpens() throws Exception {
    byte[] content = BackupAndRestoreTest.noise(100_000, 1);
    BackupResult backup = backup(content, false, false, true);
    RestoreResult result =
        host.restore(
            backup.snapshot(),
            directory.resolve("target"),
            RestorePlan.EVERYTHING.withSample(1_000));
    assertTrue(result.isComplete());
    assertEquals(1, result.counters().filesSampled());
    assertArrayEquals(content, restored());
  }

  @Test
  void shouldFailTheFileWhoseCopiesAllDoNotOpen() throws Exception {
    BackupResult backup = backup(BackupAndRestoreTest.noise(100_000, 2), false, false);
    RestoreResult result =
        host.restore(backup.snapshot(), directory.resolve("target"), RestorePlan.EVERYTHING);
    assertFalse(result.isComplete());
    assertEquals(1, result.findings().failureCount());
  }

  @Test
  void shouldRecoverFromTheCopyThatOpens() throws Exception {
    byte[] content = BackupAndRestoreTest.noise(100_000, 3);
    BackupResult backup = backup(content, false, true);
    try (Recovery recovery = fleet.recover();
        OpenSnapshot snapshot = recovery.open(recovery.find(backup.snapshot().toString()))) {
      RestoreResult result =
          host.restore(
              snapshot,
              directory.resolve("target"),
              RestorePlan.EVERYTHING,
              RestoreLimits.STANDARD);
      assertTrue(result.isComplete());
    }
    assertArrayEquals(content, restored());
  }
}
