package io.holdfast.common.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.google.protobuf.ByteString;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.BlockImageSource;
import io.holdfast.proto.wire.v1.CommandSource;
import io.holdfast.proto.wire.v1.MariaDbSource;
import io.holdfast.proto.wire.v1.PostgresSource;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an order reads is named as its policy names it: one source set, whoever orders it. */
class SourceNamesTest {
  private static List<String> names(BackupOrder.Builder order) {
    return SourceNames.of(order.build()).stream()
        .map(name -> new String(name, StandardCharsets.UTF_8))
        .toList();
  }

  @Test
  void shouldNamePathsAsTheyAreGiven() {
    BackupOrder.Builder order =
        BackupOrder.newBuilder()
            .addSources(ByteString.copyFromUtf8("/srv"))
            .addSources(ByteString.copyFromUtf8("/etc"));
    assertEquals(List.of("/srv", "/etc"), names(order));
  }

  @Test
  void shouldNameEachOtherSourceByWhatMakesItTheSame() {
    assertEquals(
        List.of("command dump db.sql"),
        names(
            BackupOrder.newBuilder()
                .setCommand(
                    CommandSource.newBuilder()
                        .setCommand("dump")
                        .setFileName("db.sql")
                        .setTimeLimitMillis(7))));
    assertEquals(
        List.of("block image /dev/vda"),
        names(
            BackupOrder.newBuilder()
                .setBlockImage(
                    BlockImageSource.newBuilder().setPath(ByteString.copyFromUtf8("/dev/vda")))));
    assertEquals(
        List.of("postgresql /run/pg 5432"),
        names(
            BackupOrder.newBuilder()
                .setPostgres(
                    PostgresSource.newBuilder().setHost("/run/pg").setPort(5432).setUser("x"))));
    assertEquals(
        List.of("mariadb /run/s backup"),
        names(BackupOrder.newBuilder().setMariadb(MariaDbSource.newBuilder().setSocket("/run/s"))));
    assertEquals(
        List.of("mariadb /run/s dump a b"),
        names(
            BackupOrder.newBuilder()
                .setMariadb(
                    MariaDbSource.newBuilder()
                        .setSocket("/run/s")
                        .setDump(true)
                        .addDatabases("b")
                        .addDatabases("a")
                        .addDatabases("b"))));
  }

  @Test
  void shouldNotTakeANameForAPath() {
    byte[] image = SourceNames.blockImage("/dev/vda").getBytes(StandardCharsets.UTF_8);
    byte[] path = "/dev/vda".getBytes(StandardCharsets.UTF_8);
    assertNotEquals(
        SnapshotFormat.sourceSet(List.of(image)), SnapshotFormat.sourceSet(List.of(path)));
  }
}
