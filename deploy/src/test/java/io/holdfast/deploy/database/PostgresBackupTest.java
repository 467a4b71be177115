package io.holdfast.deploy.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.agent.postgres.RecoveryTarget;
import io.holdfast.agent.postgres.RestoredCluster;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.Time;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.PostgresSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cluster that is written to all the time comes back as it was at the end of its backup. */
@Timeout(1_800)
class PostgresBackupTest {
  /**
   * What every transaction of pgbench keeps: the same sum of tellers, branches, accounts, history.
   */
  private static final String LEDGER =
      """
      SELECT (SELECT coalesce(sum(tbalance), 0) FROM pgbench_tellers) = h
        AND (SELECT coalesce(sum(bbalance), 0) FROM pgbench_branches) = h
        AND (SELECT coalesce(sum(abalance), 0) FROM pgbench_accounts) = h
      FROM (SELECT coalesce(sum(delta), 0) AS h FROM pgbench_history) AS history\
      """;

  @TempDir Path directory;
  private PostgresServer server;
  private DatabaseFleet fleet;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(PostgresServer.programs().isPresent(), "skipped: PostgreSQL isn't installed");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    PostgresServer.openDirectory(directory.resolve("restored"));
    server = PostgresServer.make(directory.resolve("pg"));
    server.start("checkpoint_timeout=30s", "max_wal_size=64MB", "min_wal_size=32MB");
    grant(server);
    fleet = DatabaseFleet.found(directory.resolve("fleet"), directory.resolve("restored"));
  }

  @AfterEach
  void stop() throws Exception {
    if (fleet != null) {
      fleet.close();
    }
    if (server != null) {
      server.close();
    }
  }

  /** What the README says that the role needs, and nothing else. */
  static void grant(PostgresServer server) throws Exception {
    server.query(
        """
        CREATE ROLE holdfast LOGIN REPLICATION;
        GRANT pg_read_all_settings TO holdfast;
        GRANT EXECUTE ON FUNCTION pg_backup_start(text, boolean) TO holdfast;
        GRANT EXECUTE ON FUNCTION pg_backup_stop(boolean) TO holdfast\
        """);
  }

  static PostgresSource.Builder source(PostgresServer server) {
    return PostgresSource.newBuilder()
        .setHost(server.sockets().toString())
        .setPort(5432)
        .setUser("holdfast")
        .setFastCheckpoint(true);
  }

  /** Where a cluster's files stand below the directory that they were restored to. */
  static Path place(Path restored, PostgresServer server) {
    return restored.resolve("postgresql/" + server.sockets().toString().substring(1) + "/5432");
  }

  private JobResult backup() {
    return fleet.backup(BackupOrder.newBuilder().setPostgres(source(server)).build(), event -> {});
  }

  /** Sessions are cleared away after they ended. */
  static void awaitNoSlots(PostgresServer server) throws Exception {
    while (!server.query("SELECT count(*) FROM pg_replication_slots").equals("0")) {
      Time.system().sleep(Duration.ofMillis(50));
    }
  }

  private static void assertComplete(JobResult result) {
    assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, result.getOutcome(), result::toString);
  }

  @Test
  void shouldRestoreClusterThatWasWrittenToDuringItsBackups() throws Exception {
    Path side = PostgresServer.directory(directory.resolve("side"));
    server.query("CREATE TABLESPACE side LOCATION '" + side + "'");
    server.ask("pgbench", "-i", "-q", "-s", "3", "postgres");
    server.query("CREATE TABLE ids TABLESPACE side AS SELECT * FROM generate_series(1, 50000) id");
    Process writers = server.launch("pgbench", "-n", "-c", "4", "-T", "500", "postgres");

    JobResult first = backup();
    assertComplete(first);
    server.query("INSERT INTO ids SELECT * FROM generate_series(50001, 60000)");
    JobResult second = backup();
    assertComplete(second);
    long history = Long.parseLong(server.query("SELECT count(*) FROM pgbench_history"));
    Command.end(writers, "TERM");
    assertTrue(
        second.getTotals().getUploadedPlainBytes() < first.getTotals().getLogicalBytes() / 2,
        () -> "stored anew: " + second.getTotals());
    awaitNoSlots(server);

    Path target = PostgresServer.openDirectory(directory.resolve("restored/second"));
    assertComplete(fleet.restore(second.getSnapshot(), target));
    Path cluster = place(target, server);
    PostgresServer copy = server.on(cluster.resolve("data"), directory.resolve("copy"));
    AssertionError refused = assertThrows(AssertionError.class, copy::start);
    assertTrue(refused.getMessage().contains("could not find the database system"));
    RestoredCluster.prepare(cluster, new RecoveryTarget.Backup());
    assertEquals(
        ErrorCode.TARGET_CONFLICT,
        assertThrows(
                HoldfastException.class,
                () -> RestoredCluster.prepare(cluster, new RecoveryTarget.Backup()))
            .code());

    try (copy) {
      copy.start();
      assertEquals("t", copy.query(LEDGER));
      long found = Long.parseLong(copy.query("SELECT count(*) FROM pgbench_history"));
      assertTrue(found > 0 && found <= history, found + " of " + history);
      assertEquals("60000", copy.query("SELECT count(DISTINCT id) FROM ids"));
      String where =
          copy.query(
              "SELECT pg_tablespace_location(oid) FROM pg_tablespace WHERE spcname = 'side'");
      assertTrue(where.startsWith(cluster.resolve("tablespaces").toString()), where);
      copy.ask("pg_amcheck", "--install-missing", "--heapallindexed", "--parent-check", "postgres");
      copy.stop();
      copy.must("pg_checksums", "--check", "--pgdata=" + copy.data());
    }
    assertEquals("t", server.query(LEDGER));
    assertEquals("60000", server.query("SELECT count(DISTINCT id) FROM ids"));
  }

  @Test
  void shouldLeaveNothingBehindWhereTheSessionIsLost() throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    JobResult failed =
        fleet.backup(
            BackupOrder.newBuilder()
                .setPostgres(source(server))
                .setRateLimit(4 << 20) // slow enough for what comes
                .build(),
            event -> {
              if (event.getProgress().getFiles() > 10 && ended.compareAndSet(false, true)) {
                terminateBackup();
              }
            });
    assertEquals(JobOutcome.JOB_OUTCOME_FAILED, failed.getOutcome(), failed::toString);
    assertEquals(ErrorCode.POSTGRES_UNREACHABLE.number(), failed.getError().getCode());
    assertTrue(fleet.snapshots("5432").isEmpty());
    awaitNoSlots(server);
    assertFalse(Files.exists(server.data().resolve("backup_label")));
    assertComplete(backup());
  }

  private void terminateBackup() {
    try {
      String ended =
          server.query(
              "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE"
                  + " application_name = 'holdfast'");
      assertEquals("1", ended);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private JobResult refused(PostgresSource.Builder source, ErrorCode code) {
    JobResult result =
        fleet.backup(BackupOrder.newBuilder().setPostgres(source).build(), event -> {});
    assertEquals(JobOutcome.JOB_OUTCOME_FAILED, result.getOutcome(), result::toString);
    assertEquals(code.number(), result.getError().getCode(), result::toString);
    return result;
  }

  @Test
  void shouldSayWhatIsMissingToBackUp() throws Exception {
    String unknown =
        refused(source(server).setUser("nobody"), ErrorCode.POSTGRES_UNREACHABLE)
            .getError()
            .getMessage();
    assertTrue(unknown.contains("role \"nobody\" does not exist"), unknown);
    refused(source(server).setPort(5433), ErrorCode.POSTGRES_UNREACHABLE);
    refused(source(server).setHost("a=b"), ErrorCode.INVALID_ARGUMENT);

    server.query("REVOKE EXECUTE ON FUNCTION pg_backup_start(text, boolean) FROM holdfast");
    String denied = refused(source(server), ErrorCode.POSTGRES_REFUSED).getError().getMessage();
    assertTrue(denied.contains("permission denied for function pg_backup_start"), denied);
    awaitNoSlots(server);
  }

  @Test
  void shouldTakePasswordFromPrivateFileOnly() throws Exception {
    server.query(
        """
        CREATE ROLE secretive SUPERUSER LOGIN PASSWORD 'correct horse';\
        """);
    Path file = Files.writeString(directory.resolve("pgpass"), "*:*:*:secretive:correct horse\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    PostgresSource.Builder source =
        source(server).setUser("secretive").setPasswordFile(file.toString());
    refused(source, ErrorCode.NOT_AUTHORISED);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertComplete(fleet.backup(BackupOrder.newBuilder().setPostgres(source).build(), event -> {}));
    refused(source(server).setUser("secretive"), ErrorCode.POSTGRES_UNREACHABLE);
    assertEquals(List.of(), leaks("correct horse"));
  }

  /** Lines of the server's log that show a secret. */
  private List<String> leaks(String secret) throws Exception {
    return server.logged().lines().filter(line -> line.contains(secret)).toList();
  }
}
