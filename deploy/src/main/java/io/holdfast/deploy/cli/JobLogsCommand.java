package io.holdfast.deploy.cli;

import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.SafeText;
import io.holdfast.proto.wire.v1.JobLogLine;
import io.holdfast.proto.wire.v1.LogLevel;
import io.holdfast.proto.wire.v1.ReadJobLogRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "logs",
    description = {
      "Print what a job's host said about it: hooks' output, gaps, errors.",
      "Logs are kept by the coordinator that got them, as long as it has room."
    })
final class JobLogsCommand extends AdminCommand {
  private static final Duration PACE = Duration.ofSeconds(1);

  @Parameters(paramLabel = "JOB", description = "Its id or the beginning of that.")
  private String name;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on until the job ends.")
  private boolean follow;

  private final AtomicBoolean interrupted = new AtomicBoolean();
  private long shown;

  JobLogsCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    try (var _ = shell().interrupts().onInterrupt(() -> interrupted.set(true))) {
      boolean open = JobFields.isOpen(link.job(name));
      show(link, output);
      while (follow && open && !interrupted.get()) {
        shell().time().sleep(PACE);
        open = JobFields.isOpen(link.job(name)); // asked first, or its last lines were missed
        show(link, output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (shown == 0) {
      output.note("Nothing is kept of what its host said.");
    }
    return ExitCode.OK;
  }

  private void show(AdminLink link, Output output) {
    ReadJobLogRequest request = ReadJobLogRequest.newBuilder().setJob(name).setSkip(shown).build();
    link.jobLog(request, line -> show(line, output));
    output.flush();
  }

  private void show(JobLogLine line, Output output) {
    shown++;
    if (output.isJson()) {
      output.json(
          "log",
          new Fields()
              .time("time", line.getTimeMillis())
              .text("level", word(line.getLevel()))
              .text("text", line.getText()));
      return;
    }
    output.line(
        "%s %-7s %s"
            .formatted(
                output.people().time(Instant.ofEpochMilli(line.getTimeMillis())),
                word(line.getLevel()),
                SafeText.of(line.getText())));
  }

  private static String word(LogLevel level) {
    return switch (level) {
      case LOG_LEVEL_INFO -> "info";
      case LOG_LEVEL_WARNING -> "warning";
      case LOG_LEVEL_ERROR -> "error";
      case LOG_LEVEL_UNSPECIFIED, UNRECOGNIZED -> "unknown";
    };
  }
}
