package io.holdfast.deploy.cli;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.BlockImageSource;
import io.holdfast.proto.wire.v1.CommandSource;
import io.holdfast.proto.wire.v1.ImageFormat;
import io.holdfast.proto.wire.v1.SnapshotFirst;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** What a backup reads, and as of when. */
final class SourceOptions {
  private static final String HOOK = "hook:";

  /** How a disk lies in its file. */
  enum Format {
    RAW,
    QCOW2
  }

  @Option(
      names = "--command",
      paramLabel = "NAME",
      description =
          "Instead of paths: what a program of the host's directory of hooks prints, as one file.")
  private String command;

  @Option(
      names = "--as",
      paramLabel = "FILE",
      description = "What that file is called in the snapshot (default: the program's name).")
  private String fileName;

  @Option(
      names = "--time-limit",
      paramLabel = "DURATION",
      defaultValue = "12h",
      converter = DurationOption.class,
      description = "Most that program may take (default: ${DEFAULT-VALUE}).")
  private Duration timeLimit;

  @Option(
      names = "--image",
      paramLabel = "PATH",
      description = "Instead of paths: a disk as a whole, a device or a file that holds one.")
  private String image;

  @Option(
      names = "--image-format",
      paramLabel = "FORMAT",
      defaultValue = "raw",
      description = "How the disk lies in its file: raw or qcow2 (default: ${DEFAULT-VALUE}).")
  private Format format;

  @Option(
      names = "--snapshot",
      paramLabel = "btrfs|hook:NAME",
      description =
          "Read the paths as of one point in time: from btrfs snapshots, or from what a hook makes"
              + " and removes.")
  private String snapshot;

  /** INVALID_ARGUMENT unless there is one source, and options that suit it. */
  void check(List<String> paths) {
    long sources =
        Stream.of(paths.isEmpty() ? null : paths, command, image).filter(Objects::nonNull).count();
    if (sources != 1) {
      throw invalid("give PATHs, or --command, or --image: one of them");
    }
    if (fileName != null && command == null) {
      throw invalid("--as goes with --command");
    }
    if (image != null && !image.startsWith("/")) {
      throw invalid("--image takes an absolute path, as it is on the host");
    }
    if (snapshot != null && paths.isEmpty()) {
      throw invalid("--snapshot goes with PATHs");
    }
    if (snapshot != null && !snapshot.equals("btrfs") && hook().isEmpty()) {
      throw invalid("--snapshot takes btrfs, or hook: and the name of a hook");
    }
  }

  private String hook() {
    return snapshot.startsWith(HOOK) ? snapshot.substring(HOOK.length()) : "";
  }

  private static HoldfastException invalid(String why) {
    return new HoldfastException(ErrorCode.INVALID_ARGUMENT, why);
  }

  /** After {@link #check}. */
  void apply(BackupOrder.Builder order) {
    if (command != null) {
      order.setCommand(
          CommandSource.newBuilder()
              .setCommand(command)
              .setFileName(fileName == null ? command : fileName)
              .setTimeLimitMillis(timeLimit.toMillis()));
    }
    if (image != null) {
      order.setBlockImage(
          BlockImageSource.newBuilder().setPath(WireViews.bytes(image)).setFormat(wire(format)));
    }
    if (snapshot != null) {
      String hook = hook();
      order
          .setSnapshotFirst(
              hook.isEmpty()
                  ? SnapshotFirst.SNAPSHOT_FIRST_BTRFS
                  : SnapshotFirst.SNAPSHOT_FIRST_HOOK)
          .setSnapshotHook(hook);
    }
  }

  private static ImageFormat wire(Format format) {
    return switch (format) {
      case RAW -> ImageFormat.IMAGE_FORMAT_RAW;
      case QCOW2 -> ImageFormat.IMAGE_FORMAT_QCOW2;
    };
  }
}
