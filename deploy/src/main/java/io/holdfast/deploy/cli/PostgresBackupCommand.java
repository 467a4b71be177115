package io.holdfast.deploy.cli;

import io.holdfast.common.unit.DataRate;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.PostgresSource;
import io.holdfast.proto.wire.v1.StartBackupRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "backup",
    description = {
      "Make a base backup of a PostgreSQL cluster of a host now, while it is written to, and wait"
          + " for the end. The host's agent must run on the server's own machine.",
      "Exit codes: 0 complete, 3 complete with gaps, others: `holdfast help exit-codes`."
    })
final class PostgresBackupCommand extends AdminCommand {
  @Parameters(index = "0", paramLabel = "HOST", description = "Name, or id or its beginning.")
  private String host;

  @Option(
      names = "--server",
      paramLabel = "DIR",
      defaultValue = "/var/run/postgresql",
      description = "Directory of the server's socket, or its name (default: ${DEFAULT-VALUE}).")
  private String server;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "5432",
      description = "The server's port (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--user",
      paramLabel = "ROLE",
      defaultValue = "holdfast",
      description = "Role to connect as (default: ${DEFAULT-VALUE}).")
  private String user;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description =
          "File on that host in the form of ~/.pgpass, readable by its owner alone; not needed"
              + " where the server knows the agent by its user.")
  private String passwordFile;

  @Option(
      names = "--fast",
      description = "Begin with a checkpoint at once, instead of with the server's next one.")
  private boolean fast;

  @Option(
      names = "--archive-log",
      description =
          "Archive the server's log from now on, for restores to any point in time. Without it, an"
              + " archive that runs ends.")
  private boolean archive;

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

  PostgresBackupCommand(GlobalOptions options) {
    super(options);
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
    return BackupOrder.newBuilder()
        .setPostgres(
            PostgresSource.newBuilder()
                .setHost(server)
                .setPort(port)
                .setUser(user)
                .setPasswordFile(passwordFile == null ? "" : passwordFile)
                .setFastCheckpoint(fast)
                .setWalArchive(archive))
        .setRateLimit(rateLimit.bytesPerSecond())
        .setReadEverything(readEverything)
        .build();
  }
}
