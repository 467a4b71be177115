package io.holdfast.deploy.cli;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.ProgressDisplay;
import io.holdfast.proto.wire.v1.Job;
import io.holdfast.proto.wire.v1.JobEvent;
import io.holdfast.proto.wire.v1.JobKind;
import io.holdfast.proto.wire.v1.JobResult;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "watch",
    description = {
      "Follow a job to its end, and exit as the command that started it would; without JOB follow"
          + " all that run or wait, until none is left.",
      "Whoever stops watching leaves the job running."
    })
final class JobWatchCommand extends AdminCommand {
  @Parameters(
      paramLabel = "JOB",
      arity = "0..1",
      defaultValue = "",
      description = "Its id or the beginning of that (default: all jobs).")
  private String name;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "",
      description = "Without JOB, only those of this host: name, or id or its beginning.")
  private String host;

  JobWatchCommand(GlobalOptions options) {
    super(options);
  }

  @Override
  void check() {
    if (!name.isEmpty() && !host.isEmpty()) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT, "a JOB has its host: leave --host out, or the JOB");
    }
  }

  @Override
  ExitCode run(AdminLink link, Output output) {
    if (name.isEmpty()) {
      return watchAll(link, output);
    }
    Job job = link.job(name);
    JobResult result = follow(link, output);
    if (job.getKind() == JobKind.JOB_KIND_RESTORE) {
      JobViews.showRestore("restore to " + job.getHostName(), result, output);
    } else {
      JobViews.showBackup(job.getHostName(), result, output);
    }
    return JobRun.exitCode(result);
  }

  private ExitCode watchAll(AdminLink link, Output output) {
    try {
      new JobBoard(link, output, shell(), host).watch();
      return ExitCode.OK;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.INTERRUPTED;
    }
  }

  private JobResult follow(AdminLink link, Output output) {
    AtomicReference<JobResult> result = new AtomicReference<>();
    try (ProgressDisplay display =
        ProgressDisplay.open(output, shell().terminal().errorColumns(), shell().time())) {
      link.watchJob(name, event -> take(event, display, result));
    }
    if (result.get() == null) {
      throw new HoldfastException(
          ErrorCode.UNAVAILABLE,
          "the coordinator stopped reporting before the job ended: watch it again");
    }
    return result.get();
  }

  private static void take(
      JobEvent event, ProgressDisplay display, AtomicReference<JobResult> result) {
    if (event.hasProgress()) {
      display.show(JobViews.progress(event.getProgress(), 0));
    } else if (event.hasResult()) {
      result.set(event.getResult());
    }
  }
}
