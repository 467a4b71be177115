package io.holdfast.agent.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoredClusterTest {
  @TempDir Path directory;
  private Path data;

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @BeforeEach
  void restore() throws IOException {
    data = directory.resolve("data");
    write(data.resolve("PG_VERSION"), "15\n");
    write(data.resolve("global/1262"), "pages");
    write(
        data.resolve("postgresql.auto.conf"),
        "work_mem = '8MB'\nrecovery_target_xid = '7'\nrestore_command = 'false'");
    write(directory.resolve("to_start/backup_label"), "START WAL LOCATION: ...");
    write(directory.resolve("to_start/pg_control"), "control");
    write(directory.resolve("to_start/tablespace_map"), "16385 /live/side\n");
    write(directory.resolve("wal/000000010000000000000002"), "segment");
    Files.createDirectories(directory.resolve("tablespaces/16385/PG_15_202209061"));
  }

  private void archive() throws IOException {
    write(directory.resolve("archive/000000010000000000000003"), "segment");
  }

  private HoldfastException refused(RecoveryTarget target) {
    return assertThrows(HoldfastException.class, () -> RestoredCluster.prepare(directory, target));
  }

  private String text(String name) throws IOException {
    return Files.readString(data.resolve(name));
  }

  @Test
  void shouldPlaceEverythingThatAServerNeeds() throws Exception {
    RestoredCluster.Prepared prepared =
        RestoredCluster.prepare(directory, new RecoveryTarget.Backup());
    assertEquals(List.of(), prepared.settings());
    assertEquals("START WAL LOCATION: ...", text("backup_label"));
    assertEquals("control", text("global/pg_control"));
    assertEquals("segment", text("pg_wal/000000010000000000000002"));
    assertTrue(Files.isDirectory(data.resolve("pg_wal/archive_status")));
    assertEquals(
        "16385 " + directory.toRealPath().resolve("tablespaces/16385") + "\n",
        text("tablespace_map"));
    assertEquals("work_mem = '8MB'\n", text("postgresql.auto.conf"));
    assertFalse(Files.exists(data.resolve("recovery.signal")));
    assertEquals(ErrorCode.TARGET_CONFLICT, refused(new RecoveryTarget.Backup()).code());
  }

  @Test
  void shouldNeedTheArchiveForAnyPointInTime() throws Exception {
    RecoveryTarget.Time target = new RecoveryTarget.Time(Instant.parse("2026-03-01T17:11:00.25Z"));
    assertEquals(ErrorCode.PATH_NOT_FOUND, refused(target).code());
    assertFalse(Files.exists(data.resolve("global/pg_control")));
    archive();
    RestoredCluster.prepare(directory, target);
    String settings = text("postgresql.auto.conf");
    assertTrue(settings.startsWith("work_mem = '8MB'\n"), settings);
    assertTrue(
        settings.contains("recovery_target_time = '2026-03-01 17:11:00.250000+00'"), settings);
    assertFalse(settings.contains("xid") || settings.contains("false"), settings);
    assertTrue(settings.contains("archive/%f\" \"%p\""), settings);
    assertEquals("", text("recovery.signal"));
  }

  /** Whatever file could not be placed the first time, the second one ends the same. */
  @Test
  void shouldBeRepeatableUntilTheControlFileIsThere() throws Exception {
    archive();
    RestoredCluster.prepare(directory, new RecoveryTarget.Everything());
    String settings = text("postgresql.auto.conf");
    for (String lost : List.of("backup_label", "tablespace_map", "recovery.signal")) {
      Files.delete(data.resolve("global/pg_control"));
      Files.delete(data.resolve(lost));
      RestoredCluster.prepare(directory, new RecoveryTarget.Everything());
      assertTrue(Files.exists(data.resolve(lost)), lost);
      assertEquals(settings, text("postgresql.auto.conf"));
    }
    Files.delete(data.resolve("global/pg_control"));
    RestoredCluster.prepare(directory, new RecoveryTarget.Backup());
    assertEquals("work_mem = '8MB'\n", text("postgresql.auto.conf"));
    assertFalse(Files.exists(data.resolve("recovery.signal")));
  }

  /** As when the first target turned out to lie behind the archive's end. */
  @Test
  void shouldTakeAnotherTargetUntilTheServerHasGoneOn() throws Exception {
    archive();
    RestoredCluster.prepare(
        directory, new RecoveryTarget.Time(Instant.parse("2100-01-01T00:00:00Z")));
    assertTrue(text("postgresql.auto.conf").contains("recovery_target_time ="));
    Files.writeString(data.resolve("postmaster.pid"), "7");
    assertEquals(
        ErrorCode.TARGET_CONFLICT, refused(new RecoveryTarget.Everything()).code(), "it runs");
    Files.delete(data.resolve("postmaster.pid"));
    RestoredCluster.prepare(directory, new RecoveryTarget.Everything());
    assertFalse(text("postgresql.auto.conf").contains("recovery_target_time ="));
    assertEquals(ErrorCode.TARGET_CONFLICT, refused(new RecoveryTarget.Backup()).code());
    Files.delete(data.resolve("recovery.signal"));
    assertEquals(ErrorCode.TARGET_CONFLICT, refused(new RecoveryTarget.Everything()).code());
  }

  @Test
  void shouldNameWhatIsMissing() throws Exception {
    Files.delete(directory.resolve("to_start/backup_label"));
    HoldfastException missing = refused(new RecoveryTarget.Backup());
    assertEquals(ErrorCode.PATH_NOT_FOUND, missing.code());
    assertTrue(missing.getMessage().contains("backup_label"), missing.getMessage());
  }

  @Test
  void shouldRefuseDirectoriesThatNoConfigurationCanName() throws Exception {
    Path odd = Files.createDirectories(directory.resolve("it's"));
    assertEquals(
        ErrorCode.INVALID_ARGUMENT,
        assertThrows(
                HoldfastException.class,
                () -> RestoredCluster.prepare(odd, new RecoveryTarget.Backup()))
            .code());
  }
}
