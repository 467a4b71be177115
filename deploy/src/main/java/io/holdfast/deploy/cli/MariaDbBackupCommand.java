package io.holdfast.deploy.cli;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.unit.DataRate;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.MariaDbSource;
import io.holdfast.proto.wire.v1.StartBackupRequest;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "backup",
    description = {
      "Back up a MariaDB server of a host now, by its own tools, and wait for the end.",
      "Exit codes: 0 complete, 3 complete with gaps, others: `holdfast help exit-codes`."
    })
final class MariaDbBackupCommand extends AdminCommand {
  @Parameters(index = "0", paramLabel = "HOST", description = "Name, or id or its beginning.")
  private String host;

  @Option(
      names = "--server",
      paramLabel = "SOCKET",
      defaultValue = "/run/mysqld/mysqld.sock",
      description = "The server's socket (default: ${DEFAULT-VALUE}).")
  private String socket;

  @Option(
      names = "--user",
      paramLabel = "USER",
      defaultValue = "holdfast",
      description = "User to connect as (default: ${DEFAULT-VALUE}).")
  private String user;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description =
          "File on that host with the password, readable by its owner alone; not needed where the"
              + " server knows the agent by its user.")
  private String passwordFile;

  @Option(
      names = "--dump",
      description = "As statements, instead of by the tool for physical backups.")
  private boolean dump;

  @Option(
      names = "--database",
      paramLabel = "NAME",
      description = "With --dump: this one (default: all). May be repeated.")
  private List<String> databases = List.of();

  @Option(
      names = "--rate-limit",
      paramLabel = "RATE",
      defaultValue = "unlimited",
      converter = RateOption.class,
      description = "Most to read and to send, such as 20MiB/s (default: ${DEFAULT-VALUE}).")
  private DataRate rateLimit;

  MariaDbBackupCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  void check() {
    if (!dump && !databases.isEmpty()) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "--database goes with --dump: a physical backup is of all databases");
    }
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
        .setMariadb(
            MariaDbSource.newBuilder()
                .setSocket(socket)
                .setUser(user)
                .setPasswordFile(passwordFile == null ? "" : passwordFile)
                .setDump(dump)
                .addAllDatabases(databases))
        .setRateLimit(rateLimit.bytesPerSecond())
        .build();
  }
}
