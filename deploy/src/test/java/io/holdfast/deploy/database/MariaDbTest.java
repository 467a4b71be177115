package io.holdfast.deploy.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.MariaDbSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that is written to comes back, by its own tools in both directions. */
@Timeout(1_800)
class MariaDbTest {
  private static final String PASSWORD = "p\"a\\ss'wo#rd";

  @TempDir Path directory;
  private MariaDbServer server;
  private DatabaseFleet fleet;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(MariaDbServer.isInstalled(), "skipped: MariaDB isn't installed");
    PostgresServer.openDirectory(directory);
    PostgresServer.openDirectory(directory.resolve("restored"));
    server = MariaDbServer.make(directory.resolve("db")).start();
    server.query(
        "CREATE DATABASE ledger; CREATE TABLE ledger.entries (account INT, delta INT, INDEX"
            + " (account)) ENGINE=InnoDB; CREATE USER holdfast@localhost IDENTIFIED BY '"
            + PASSWORD.replace("\\", "\\\\").replace("'", "\\'")
            + "'; GRANT SELECT, LOCK TABLES, SHOW VIEW, TRIGGER, EVENT, RELOAD, PROCESS, BINLOG"
            + " MONITOR, REPLICA MONITOR ON *.* TO holdfast@localhost");
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

  private MariaDbSource.Builder source() throws Exception {
    Path file = directory.resolve("password");
    if (!Files.exists(file)) {
      Files.writeString(file, PASSWORD + "\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
    return MariaDbSource.newBuilder()
        .setSocket(server.socket().toString())
        .setUser("holdfast")
        .setPasswordFile(file.toString());
  }

  private JobResult backup(MariaDbSource.Builder source) {
    return fleet.backup(BackupOrder.newBuilder().setMariadb(source).build(), event -> {});
  }

  /** Every transfer takes as much from one account as it gives to another. */
  private Process transfers() throws Exception {
    return server.launch(
        """
        USE ledger;
        DELIMITER //
        CREATE OR REPLACE PROCEDURE transfer() BEGIN
          DECLARE n INT DEFAULT 0;
          WHILE n < 1000000 DO
            START TRANSACTION;
            INSERT INTO entries VALUES (n % 100, n), ((n + 1) % 100, -n);
            COMMIT; SET n = n + 1;
          END WHILE;
        END //
        DELIMITER ;
        CALL transfer()\
        """);
  }

  private void awaitRows(MariaDbServer of, int rows) throws Exception {
    while (Integer.parseInt(of.query("SELECT count(*) FROM ledger.entries")) < rows) {
      fleet.pause();
    }
  }

  private static void assertWhole(MariaDbServer copy) throws Exception {
    assertEquals("0", copy.query("SELECT sum(delta) FROM ledger.entries"));
    assertEquals("0", copy.query("SELECT count(*) % 2 FROM ledger.entries"));
    assertTrue(Integer.parseInt(copy.query("SELECT count(*) FROM ledger.entries")) >= 100);
    assertTrue(copy.query("CHECK TABLE ledger.entries EXTENDED").endsWith("OK"));
  }

  private Path restored(JobResult result) throws Exception {
    assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, result.getOutcome(), result::toString);
    Path place = PostgresServer.openDirectory(directory.resolve("restored/here"));
    assertEquals(
        JobOutcome.JOB_OUTCOME_COMPLETE, fleet.restore(result.getSnapshot(), place).getOutcome());
    return place;
  }

  @Test
  void shouldDumpWhatIsWrittenToAsOfOneMoment() throws Exception {
    Process transfers = transfers();
    awaitRows(server, 100);
    JobResult result = backup(source().setDump(true));
    Command.end(transfers, "KILL");
    Path dump = restored(result).resolve("mariadb.sql");
    try (MariaDbServer copy = MariaDbServer.make(directory.resolve("copy")).start()) {
      copy.load(dump);
      assertWhole(copy);
    }
  }

  @Test
  void shouldStreamPhysicalBackupThatPreparesAndStarts() throws Exception {
    Process transfers = transfers();
    awaitRows(server, 100);
    JobResult result = backup(source());
    Command.end(transfers, "KILL");
    Path stream = restored(result).resolve("mariadb.xbstream");
    try (MariaDbServer copy = MariaDbServer.ofStream(stream, directory.resolve("copy")).start()) {
      assertWhole(copy);
    }
  }

  @Test
  void shouldFailWhereTheToolFails() throws Exception {
    JobResult missing = backup(source().setDump(true).addDatabases("nothing"));
    assertEquals(JobOutcome.JOB_OUTCOME_FAILED, missing.getOutcome());
    assertEquals(ErrorCode.MARIADB_FAILED.number(), missing.getError().getCode());
    assertTrue(missing.getError().getMessage().contains("nothing"), missing::toString);
    assertTrue(fleet.snapshots("nothing").isEmpty());

    Files.setPosixFilePermissions(
        directory.resolve("password"), PosixFilePermissions.fromString("rw-r--r--"));
    JobResult open = backup(source().setDump(true));
    assertEquals(ErrorCode.NOT_AUTHORISED.number(), open.getError().getCode(), open::toString);
  }
}
