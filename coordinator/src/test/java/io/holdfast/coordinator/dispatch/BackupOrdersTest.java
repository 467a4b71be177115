package io.holdfast.coordinator.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.RunId;
import io.holdfast.coordinator.policy.DataClass;
import io.holdfast.coordinator.policy.yaml.PolicyReader;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.ImageFormat;
import io.holdfast.proto.wire.v1.SnapshotFirst;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Every key of a policy that a host has to know is in its order. */
class BackupOrdersTest {
  private static final RunId RUN = new RunId(new UUID(1, 2));
  private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

  private static DataClass dataClass(String source, String more) {
    String text =
        """
        apiVersion: holdfast/v1
        kind: Policy
        metadata: {name: p}
        spec:
          selector: {}
          source: %s
          schedule: {cron: "@daily"}
        %s
        """
            .formatted(source, more.indent(2));
    return PolicyReader.read("p.yaml", text).getFirst().dataClasses().getFirst();
  }

  private static BackupOrder order(String source) {
    return BackupOrders.of(dataClass(source, ""), RUN, NOON);
  }

  private static List<String> texts(List<ByteString> names) {
    return names.stream().map(ByteString::toStringUtf8).toList();
  }

  @Test
  void shouldTellAllOfFiles() {
    BackupOrder order =
        order(
            "{files: {include: [/srv, /etc], exclude: [\"*.o\", \"!/etc/x.o\"], oneFileSystem:"
                + " true, includeCaches: true, readEverything: true, snapshotFirst: hook,"
                + " snapshotHook: lvm}}");
    assertEquals(ByteString.copyFrom(RUN.toByteArray()), order.getRun());
    assertEquals(List.of("/etc", "/srv"), texts(order.getSourcesList()));
    assertEquals(List.of("*.o", "!/etc/x.o"), order.getPatternsList());
    assertTrue(order.getOneFileSystem() && order.getIncludeCaches() && order.getReadEverything());
    assertEquals(SnapshotFirst.SNAPSHOT_FIRST_HOOK, order.getSnapshotFirst());
    assertEquals("lvm", order.getSnapshotHook());
    assertEquals(BackupOrder.SourceCase.SOURCE_NOT_SET, order.getSourceCase());
  }

  @Test
  void shouldTellAllOfOtherSources() {
    BackupOrder image = order("{blockImage: {path: /dev/vdb, format: qcow2}}");
    assertEquals("/dev/vdb", image.getBlockImage().getPath().toStringUtf8());
    assertEquals(ImageFormat.IMAGE_FORMAT_QCOW2, image.getBlockImage().getFormat());
    assertEquals(0, image.getSourcesCount());
    BackupOrder command = order("{command: {name: dump, fileName: all.sql, timeLimit: 2h}}");
    assertEquals("dump", command.getCommand().getCommand());
    assertEquals("all.sql", command.getCommand().getFileName());
    assertEquals(7_200_000, command.getCommand().getTimeLimitMillis());
    BackupOrder postgres =
        order(
            "{postgresql: {host: db, port: 5433, user: u, passwordFile: /p, checkpoint: fast,"
                + " walArchive: true}}");
    assertEquals("db", postgres.getPostgres().getHost());
    assertEquals(5_433, postgres.getPostgres().getPort());
    assertEquals("u", postgres.getPostgres().getUser());
    assertEquals("/p", postgres.getPostgres().getPasswordFile());
    assertTrue(postgres.getPostgres().getFastCheckpoint());
    assertTrue(postgres.getPostgres().getWalArchive());
    BackupOrder mariaDb =
        order("{mariadb: {socket: /s, user: u, method: dump, databases: [b, a]}}");
    assertEquals("/s", mariaDb.getMariadb().getSocket());
    assertTrue(mariaDb.getMariadb().getDump());
    assertEquals(List.of("a", "b"), mariaDb.getMariadb().getDatabasesList());
  }

  @Test
  void shouldTellHooksAndTheLimitOfTheHour() {
    DataClass dataClass =
        dataClass(
            "{files: {include: [/srv]}}",
            """
            limits:
              bandwidth: [{rate: 1 MiB/s, during: "08:00-18:00"}, {rate: 9 MiB/s}]
            hooks:
              before: [{name: stop, timeLimit: 1m, onFailure: fail}]
              after: [{name: start, timeLimit: 2m, onFailure: warn}]
            """);
    BackupOrder order = BackupOrders.of(dataClass, RUN, NOON);
    assertEquals(1L << 20, order.getRateLimit());
    assertEquals(9L << 20, BackupOrders.rate(dataClass, NOON.plusSeconds(7 * 3_600)));
    assertEquals("stop", order.getBefore(0).getName());
    assertEquals(60_000, order.getBefore(0).getTimeLimitMillis());
    assertTrue(order.getAfter(0).getWarnOnly());
  }

  @Test
  void shouldGiveEachSourceItsOwnSet() {
    assertEquals(
        BackupOrders.sourceSet(dataClass("{files: {include: [/a, /b]}}", "").source()),
        BackupOrders.sourceSet(
            dataClass("{files: {include: [/b, /a], oneFileSystem: true}}", "").source()));
    assertNotEquals(
        BackupOrders.sourceSet(dataClass("{files: {include: [/dev/vdb]}}", "").source()),
        BackupOrders.sourceSet(dataClass("{blockImage: {path: /dev/vdb}}", "").source()));
  }
}
