package io.holdfast.coordinator.dispatch;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.RunId;
import io.holdfast.common.snapshot.SnapshotFormat;
import io.holdfast.coordinator.policy.DataClass;
import io.holdfast.coordinator.policy.Hooks;
import io.holdfast.coordinator.policy.Source;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.BlockImageSource;
import io.holdfast.proto.wire.v1.CommandSource;
import io.holdfast.proto.wire.v1.HookCall;
import io.holdfast.proto.wire.v1.ImageFormat;
import io.holdfast.proto.wire.v1.MariaDbSource;
import io.holdfast.proto.wire.v1.PostgresSource;
import io.holdfast.proto.wire.v1.SnapshotFirst;
import java.time.Instant;
import java.util.List;

/** From what a policy says to what a host is told. */
final class BackupOrders {
  private BackupOrders() {}

  /** The order of {@code run}, with the limit that is in force at {@code now}. */
  static BackupOrder of(DataClass dataClass, RunId run, Instant now) {
    BackupOrder.Builder order =
        BackupOrder.newBuilder()
            .setRun(ByteString.copyFrom(run.toByteArray()))
            .setRateLimit(rate(dataClass, now));
    dataClass.hooks().before().forEach(hook -> order.addBefore(call(hook)));
    dataClass.hooks().after().forEach(hook -> order.addAfter(call(hook)));
    put(dataClass.source(), order);
    return order.build();
  }

  /** Bytes a second, 0 for no limit. */
  static long rate(DataClass dataClass, Instant now) {
    return dataClass
        .limits()
        .bandwidth()
        .at(now, dataClass.schedule().timetable().zone())
        .bytesPerSecond();
  }

  /** What makes its snapshots each other's base. */
  static Bytes32 sourceSet(Source source) {
    return SnapshotFormat.sourceSet(shown(source).stream().map(ByteString::toByteArray).toList());
  }

  /** For people; paths of files, else what the source is. */
  static List<ByteString> shown(Source source) {
    return source instanceof Source.Files files
        ? files.include().stream().map(ByteString::copyFromUtf8).toList()
        : List.of(ByteString.copyFromUtf8(source.identity()));
  }

  private static HookCall call(Hooks.Hook hook) {
    return HookCall.newBuilder()
        .setName(hook.name())
        .setTimeLimitMillis(hook.timeLimit().toMillis())
        .setWarnOnly(hook.onFailure() == Hooks.OnFailure.WARN)
        .build();
  }

  private static void put(Source source, BackupOrder.Builder order) {
    switch (source) {
      case Source.Files files -> putFiles(files, order);
      case Source.BlockImage image -> order.setBlockImage(image(image));
      case Source.CommandStream command -> order.setCommand(command(command));
      case Source.PostgreSql postgres -> order.setPostgres(postgres(postgres));
      case Source.MariaDb mariaDb -> order.setMariadb(mariaDb(mariaDb));
    }
  }

  private static void putFiles(Source.Files files, BackupOrder.Builder order) {
    order
        .addAllSources(shown(files))
        .addAllPatterns(files.exclude())
        .setOneFileSystem(files.oneFileSystem())
        .setIncludeCaches(files.includeCaches())
        .setReadEverything(files.readEverything())
        .setSnapshotFirst(
            switch (files.snapshotFirst()) {
              case NONE -> SnapshotFirst.SNAPSHOT_FIRST_UNSPECIFIED;
              case BTRFS -> SnapshotFirst.SNAPSHOT_FIRST_BTRFS;
              case HOOK -> SnapshotFirst.SNAPSHOT_FIRST_HOOK;
            })
        .setSnapshotHook(files.snapshotHook().orElse(""));
  }

  private static BlockImageSource image(Source.BlockImage image) {
    return BlockImageSource.newBuilder()
        .setPath(ByteString.copyFromUtf8(image.path()))
        .setFormat(
            switch (image.format()) {
              case RAW -> ImageFormat.IMAGE_FORMAT_RAW;
              case QCOW2 -> ImageFormat.IMAGE_FORMAT_QCOW2;
            })
        .build();
  }

  private static CommandSource command(Source.CommandStream command) {
    return CommandSource.newBuilder()
        .setCommand(command.command())
        .setFileName(command.fileName())
        .setTimeLimitMillis(command.timeLimit().toMillis())
        .build();
  }

  private static PostgresSource postgres(Source.PostgreSql postgres) {
    return PostgresSource.newBuilder()
        .setHost(postgres.host())
        .setPort(postgres.port())
        .setUser(postgres.user())
        .setPasswordFile(postgres.passwordFile().orElse(""))
        .setFastCheckpoint(postgres.checkpoint() == Source.Checkpoint.FAST)
        .setWalArchive(postgres.walArchive())
        .build();
  }

  private static MariaDbSource mariaDb(Source.MariaDb mariaDb) {
    return MariaDbSource.newBuilder()
        .setSocket(mariaDb.socket())
        .setUser(mariaDb.user())
        .setPasswordFile(mariaDb.passwordFile().orElse(""))
        .setDump(mariaDb.method() == Source.Method.DUMP)
        .addAllDatabases(mariaDb.databases())
        .build();
  }
}
