package io.holdfast.deploy.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.holdfast.agent.postgres.Lsn;
import io.holdfast.agent.postgres.RecoveryTarget;
import io.holdfast.agent.postgres.RestoredCluster;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.Snapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cluster comes back as it was at any moment that its archive reaches. */
@Timeout(1_800)
class PointInTimeTest {
  @TempDir Path directory;
  private PostgresServer server;
  private DatabaseFleet fleet;
  private int copies;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(PostgresServer.programs().isPresent(), "skipped: PostgreSQL isn't installed");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    PostgresServer.openDirectory(directory.resolve("restored"));
    server = PostgresServer.make(directory.resolve("pg"));
    server.start("track_commit_timestamp=on", "checkpoint_timeout=30s", "max_wal_size=32MB");
    PostgresBackupTest.grant(server);
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

  private JobResult backup(boolean archive) {
    return fleet.backup(
        BackupOrder.newBuilder()
            .setPostgres(PostgresBackupTest.source(server).setWalArchive(archive))
            .build(),
        event -> {});
  }

  /** The newest snapshot of the archive, which has all that is in the server's log now. */
  private ByteString archived() throws Exception {
    long begun = Instant.parse(utc(server.query(stamp("clock_timestamp()")))).toEpochMilli();
    while (true) {
      List<Snapshot> found = fleet.snapshots("archive");
      if (!found.isEmpty() && found.getFirst().getHostTimeMillis() > begun) {
        return found.getFirst().getSnapshot();
      }
      // A round makes a snapshot only if there is something new.
      server.query("SELECT pg_logical_emit_message(true, 'holdfast', 'wake')");
      fleet.pause();
    }
  }

  /** A time in the form that both sides read, to the microsecond. */
  private static String stamp(String time) {
    return "SELECT to_char((" + time + ") AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')";
  }

  private static String utc(String stamp) {
    return stamp + "Z";
  }

  private PostgresServer restored(ByteString base, ByteString archive, RecoveryTarget... targets)
      throws Exception {
    int number = ++copies;
    Path place = PostgresServer.openDirectory(directory.resolve("restored/" + number));
    assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, fleet.restore(base, place).getOutcome());
    assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, fleet.restore(archive, place).getOutcome());
    Path cluster = PostgresBackupTest.place(place, server);
    PostgresServer copy = server.on(cluster.resolve("data"), directory.resolve("copy-" + number));
    for (RecoveryTarget beyond : Arrays.copyOf(targets, targets.length - 1)) {
      RestoredCluster.prepare(cluster, beyond);
      assertThrows(Throwable.class, () -> copy.start("track_commit_timestamp=on"));
    }
    RestoredCluster.prepare(cluster, targets[targets.length - 1]);
    return copy.start("track_commit_timestamp=on");
  }

  @Test
  void shouldRestoreToTimeTransactionNameAndPosition() throws Exception {
    server.ask("pgbench", "-i", "-q", "-s", "1", "postgres");
    Process writers = server.launch("pgbench", "-n", "-c", "4", "-T", "800", "postgres");
    JobResult base = backup(true);
    assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, base.getOutcome(), base::toString);

    server.query("CREATE TABLE marks (mark text)");
    String xid = server.query("INSERT INTO marks VALUES ('one') RETURNING pg_current_xact_id()");
    server.query("INSERT INTO marks VALUES ('two')");
    server.query("SELECT pg_create_restore_point('after two')");
    server.query("INSERT INTO marks VALUES ('three')");
    String position = server.query("SELECT pg_current_wal_insert_lsn()");
    server.query("INSERT INTO marks VALUES ('four')");
    String second = server.query(stamp("date_trunc('second', clock_timestamp()) + '2 s'"));
    while (server.query("SELECT clock_timestamp() > '" + utc(second) + "'").equals("f")) {
      fleet.pause();
    }
    server.query("INSERT INTO marks VALUES ('five')");
    Command.end(writers, "TERM");
    ByteString archive = archived();

    String byThen =
        "SELECT count(*), sum(delta) FROM pgbench_history"
            + " WHERE pg_xact_commit_timestamp(xmin) <= '"
            + utc(second)
            + "'";
    String marks = "SELECT string_agg(mark, ' ') FROM marks";
    try (PostgresServer copy =
        restored(
            base.getSnapshot(), archive, new RecoveryTarget.Time(Instant.parse(utc(second))))) {
      assertEquals("one two three four", copy.query(marks));
      String expected = server.query(byThen);
      assertEquals(expected, copy.query(byThen));
      assertEquals(expected, copy.query("SELECT count(*), sum(delta) FROM pgbench_history"));
    }
    try (PostgresServer copy =
        restored(
            base.getSnapshot(), archive, new RecoveryTarget.Transaction(Long.parseLong(xid)))) {
      assertEquals("one", copy.query(marks));
    }
    try (PostgresServer copy =
        restored(base.getSnapshot(), archive, new RecoveryTarget.Name("after two"))) {
      assertEquals("one two", copy.query(marks));
    }
    try (PostgresServer copy =
        restored(base.getSnapshot(), archive, new RecoveryTarget.Position(Lsn.parse(position)))) {
      assertEquals("one two three", copy.query(marks));
    }
    try (PostgresServer copy =
        restored(
            base.getSnapshot(),
            archive,
            new RecoveryTarget.Time(Instant.parse("2100-01-01T00:00:00Z")),
            new RecoveryTarget.Everything())) {
      assertEquals("one two three four five", copy.query(marks));
      assertEquals(
          server.query("SELECT count(*), sum(delta) FROM pgbench_history"),
          copy.query("SELECT count(*), sum(delta) FROM pgbench_history"));
    }
  }

  @Test
  void shouldGoOnArchivingAfterRestartsAndMissNothing() throws Exception {
    server.query("CREATE TABLE marks (mark int)");
    JobResult base = backup(true);
    assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, base.getOutcome(), base::toString);
    for (int round = 1; round <= 3; round++) {
      fleet.stopAgent();
      // More segments than the server would keep by itself.
      server.query(
          "INSERT INTO marks SELECT " + round + " FROM generate_series(1, 200000); CHECKPOINT");
      if (round == 2) {
        server.stop();
        server.start();
      }
      fleet.startAgent();
      archived();
    }
    ByteString archive = archived();
    try (PostgresServer copy =
        restored(base.getSnapshot(), archive, new RecoveryTarget.Everything())) {
      assertEquals(
          "1|200000\n2|200000\n3|200000",
          copy.query("SELECT mark, count(*) FROM marks GROUP BY mark ORDER BY mark"));
    }
    JobResult last = backup(false);
    assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, last.getOutcome(), last::toString);
    PostgresBackupTest.awaitNoSlots(server);
  }

  @Test
  void shouldTellThatTheArchiveHasGap() throws Exception {
    assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, backup(true).getOutcome());
    fleet.stopAgent();
    server.query("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots");
    server.query(
        "CREATE TABLE much AS SELECT * FROM generate_series(1, 300000); CHECKPOINT;"
            + " SELECT pg_switch_wal(); CHECKPOINT");
    fleet.startAgent();
    archived();
    JobResult next = backup(true);
    assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE_WITH_GAPS, next.getOutcome(), next::toString);
    String text = next.getGaps(0).getText();
    assertTrue(text.contains("the archive of the log has a gap"), text);
    assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, backup(true).getOutcome());
  }
}
