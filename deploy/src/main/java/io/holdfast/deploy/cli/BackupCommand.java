package io.holdfast.deploy.cli;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.unit.DataRate;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.StartBackupRequest;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "backup",
    description = {
      "Back up paths of a host now, or a disk, or what a program prints, and wait for the end.",
      "Exit codes: 0 complete, 3 complete with gaps, others: `holdfast help exit-codes`."
    })
final class BackupCommand extends AdminCommand {
  @Parameters(index = "0", paramLabel = "HOST", description = "Name, or id or its beginning.")
  private String host;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "PATH",
      description = "Absolute paths on that host.")
  private List<String> paths = List.of();

  @Mixin private SourceOptions source;

  @Mixin private HookOptions hooks;

  @Option(
      names = {"-e", "--exclude"},
      paramLabel = "PATTERN",
      description = "Leave out what matches; a line of a .gitignore file. May be repeated.")
  private List<String> patterns = List.of();

  @Option(names = "--one-file-system", description = "Stay on the file systems of the paths.")
  private boolean oneFileSystem;

  @Option(names = "--include-caches", description = "Take directories marked by CACHEDIR.TAG too.")
  private boolean includeCaches;

  @Option(
      names = "--rate-limit",
      paramLabel = "RATE",
      defaultValue = "unlimited",
      converter = RateOption.class,
      description = "Most to read and to send, such as 20MiB/s (default: ${DEFAULT-VALUE}).")
  private DataRate rateLimit;

  @Option(
      names = "--read-everything",
      description = "Read every file, even where its times say unchanged.")
  private boolean readEverything;

  BackupCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  void check() {
    paths.stream()
        .filter(path -> !path.startsWith("/"))
        .findFirst()
        .ifPresent(path -> {
          throw new HoldfastException(
              ErrorCode.INVALID_ARGUMENT,
              "\""
                  + path
                  + "\" isn't an absolute path: write it from / on, as it is on the"
                  + " host");
        });
    source.check(paths);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    StartBackupRequest request =
        StartBackupRequest.newBuilder().setHost(host).setOrder(order()).build();
    return new JobRun(link, output, shell())
        .follow(
            events -> link.backup(request, events),
            result -> JobViews.showBackup(host, result, output));
  }

  private BackupOrder order() {
    BackupOrder.Builder order = BackupOrder.newBuilder();
    source.apply(order);
    hooks.apply(order);
    return order
        .addAllSources(paths.stream().map(WireViews::bytes).toList())
        .addAllPatterns(patterns)
        .setOneFileSystem(oneFileSystem)
        .setIncludeCaches(includeCaches)
        .setRateLimit(rateLimit.bytesPerSecond())
        .setReadEverything(readEverything)
        .build();
  }
}
