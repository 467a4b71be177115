package io.holdfast.agent.node;

import io.holdfast.agent.backup.BackupResult;
import io.holdfast.agent.backup.Gaps;
import io.holdfast.agent.backup.SourceCursor;
import io.holdfast.agent.enrolment.StateDirectory;
import io.holdfast.agent.hook.HookCall;
import io.holdfast.agent.hook.HookContext;
import io.holdfast.agent.hook.Hooks;
import io.holdfast.agent.job.PointInTime;
import io.holdfast.agent.mariadb.MariaDbDump;
import io.holdfast.agent.mariadb.MariaDbTools;
import io.holdfast.agent.source.CommandOutput;
import io.holdfast.agent.source.DiskImage;
import io.holdfast.agent.source.HostFiles;
import io.holdfast.agent.throttle.RateLimit;
import io.holdfast.agent.walk.PathFilter;
import io.holdfast.agent.walk.WalkCursor;
import io.holdfast.agent.walk.WalkLimits;
import io.holdfast.agent.walk.WalkOptions;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.Time;
import io.holdfast.common.snapshot.SourceNames;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.BlockImageSource;
import io.holdfast.proto.wire.v1.CommandSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;

/** What an order wants read, and how that is opened. Any thread. */
final class BackupSources {
  private final AgentConfig config;
  private final StateDirectory state;
  private final ExecutorService readers;
  private final Hooks hooks;
  private final Clusters clusters;
  private final Time time;

  BackupSources(
      AgentConfig config,
      StateDirectory state,
      ExecutorService readers,
      Hooks hooks,
      Clusters clusters,
      Time time) {
    this.config = config;
    this.state = state;
    this.readers = readers;
    this.hooks = hooks;
    this.clusters = clusters;
    this.time = time;
  }

  /**
   * Where an order is read.
   *
   * @param told what programs are told
   */
  record Reading(HookContext told, PointInTime files, RateLimit rate) {}

  private static HoldfastException unknown() {
    return new HoldfastException(
        ErrorCode.UNKNOWN_VERSION,
        "the order wants a source read that this agent doesn't know; update the agent");
  }

  SourceCursor open(BackupOrder order, Reading reading, Gaps gaps) throws InterruptedException {
    return switch (order.getSourceCase()) {
      case SOURCE_NOT_SET -> files(order, reading, gaps);
      case COMMAND -> command(order.getCommand(), reading);
      case BLOCK_IMAGE -> image(order.getBlockImage(), reading);
      case POSTGRES ->
          clusters.open(order.getPostgres(), reading.told().job(), reading.rate(), gaps);
      case MARIADB -> new MariaDbDump(mariaDb(), order.getMariadb(), time.now(), reading.rate());
    };
  }

  /** What follows the commit of a snapshot that {@link #open} began. */
  void committed(BackupOrder order, BackupResult done) {
    if (order.hasPostgres()) {
      clusters.committed(order.getPostgres(), done);
    }
  }

  private MariaDbTools mariaDb() {
    return new MariaDbTools(config.mariadb().dump(), config.mariadb().backup(), state.scratch());
  }

  private SourceCursor files(BackupOrder order, Reading reading, Gaps gaps) {
    List<String> patterns = new ArrayList<>(config.backup().exclude());
    patterns.addAll(order.getPatternsList());
    List<byte[]> excluded = new ArrayList<>(reading.files().excluded());
    excluded.add(state.root().toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8));
    WalkOptions options =
        new WalkOptions(
                SourceNames.of(order),
                PathFilter.parse(patterns),
                excluded,
                order.getOneFileSystem(),
                !order.getIncludeCaches(),
                state.scratch(),
                WalkLimits.defaults())
            .withElsewhere(reading.files().elsewhere());
    return new HostFiles(
        WalkCursor.open(options, readers), gaps, reading.rate(), reading.files().counting());
  }

  private SourceCursor command(CommandSource command, Reading reading) {
    return new CommandOutput(
        hooks,
        HookCall.of(command.getCommand(), command.getTimeLimitMillis()),
        reading.told(),
        EntryPath.of(command.getFileName()),
        time.now(),
        reading.rate());
  }

  private SourceCursor image(BlockImageSource image, Reading reading) throws InterruptedException {
    DiskImage.Format format =
        switch (image.getFormat()) {
          case IMAGE_FORMAT_UNSPECIFIED, IMAGE_FORMAT_RAW -> DiskImage.Format.RAW;
          case IMAGE_FORMAT_QCOW2 -> DiskImage.Format.QCOW2;
          case UNRECOGNIZED -> throw unknown();
        };
    return DiskImage.open(
        Path.of(image.getPath().toStringUtf8()),
        format,
        new DiskImage.Ports(reading.rate(), state.scratch(), time));
  }
}
