package io.holdfast.deploy.cli;

import io.holdfast.agent.postgres.Lsn;
import io.holdfast.agent.postgres.RecoveryTarget;
import io.holdfast.agent.postgres.RestoredCluster;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.SafeText;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "prepare",
    description = {
      "Make the files of a PostgreSQL cluster that were restored on this machine ready for a server"
          + " to start on: label, log, tablespaces and, for a point in time, what the server takes"
          + " in of its archive. Until then no server starts on them.",
      "Without an option the cluster is as it was at the end of the base backup. All others need"
          + " the archive, restored to the same directory."
    })
final class PostgresPrepareCommand extends LocalCommand {
  /** Up to where; at most one. */
  private static final class Until {
    @Option(
        names = "--to-time",
        required = true,
        paramLabel = "TIME",
        description =
            "What was committed by then: '2026-03-01 17:11:00' in this machine's zone, or"
                + " 2026-03-01T17:11:00Z.")
    private String time;

    @Option(
        names = "--to-transaction",
        required = true,
        paramLabel = "XID",
        description = "Up to and with this transaction.")
    private Long transaction;

    @Option(
        names = "--to-name",
        required = true,
        paramLabel = "NAME",
        description = "Up to the point that pg_create_restore_point named so.")
    private String name;

    @Option(
        names = "--to-lsn",
        required = true,
        paramLabel = "LSN",
        description = "Up to and with this position in the log, such as 16/B374D848.")
    private String position;

    @SuppressWarnings("UnusedVariable") // it is what none of the others is
    @Option(names = "--to-end", required = true, description = "As far as the archive goes.")
    private boolean everything;
  }

  @Parameters(
      paramLabel = "DIR",
      description =
          "The cluster's directory in the restored files: the one that has data and to_start in"
              + " it.")
  private Path directory;

  @ArgGroup(multiplicity = "0..1")
  private Until until;

  PostgresPrepareCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(LocalOperations local, Output output) {
    RecoveryTarget target = target();
    InputFile.check("restored cluster", directory);
    RestoredCluster.Prepared prepared = local.preparePostgres(directory, target);
    output.result(
        "postgres_prepare",
        new Fields()
            .text("data_directory", prepared.data().toString())
            .texts("settings", prepared.settings()));
    prepared
        .closed()
        .ifPresent(directory ->
            output.warning(
                "the owner of the files may not pass "
                    + SafeText.of(directory.toString())
                    + ": chmod o+x it"));
    output.note(
        "Next: start a server of the same version on it, as the files' owner. It takes in its log"
            + " first"
            + (target.needsArchive() ? ", then goes on as a new timeline" : "")
            + "; where the original still runs, give it another port and archive_mode=off");
    return ExitCode.OK;
  }

  private RecoveryTarget target() {
    if (until == null) {
      return new RecoveryTarget.Backup();
    }
    if (until.time != null) {
      return new RecoveryTarget.Time(time(until.time, shell().zone()));
    }
    if (until.transaction != null) {
      return new RecoveryTarget.Transaction(until.transaction);
    }
    if (until.name != null) {
      return new RecoveryTarget.Name(until.name);
    }
    return until.position != null
        ? new RecoveryTarget.Position(Lsn.parse(until.position))
        : new RecoveryTarget.Everything();
  }

  static Instant time(String text, ZoneId zone) {
    String iso = text.strip().replace(' ', 'T');
    try {
      boolean offset = iso.matches(".*(Z|[+-][0-9]{2}(:?[0-9]{2})?)") && iso.indexOf('T') > 0;
      return offset
          ? OffsetDateTime.parse(iso).toInstant()
          : LocalDateTime.parse(iso).atZone(zone).toInstant();
    } catch (DateTimeParseException e) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "\""
              + text
              + "\" is no time: write one of this machine's zone such as '2026-03-01 06:00:00', or"
              + " one with its offset such as 2026-03-01T06:00:00Z",
          e);
    }
  }
}
