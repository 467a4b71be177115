package io.holdfast.deploy.cli;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.ProgressDisplay;
import io.holdfast.proto.wire.v1.JobEvent;
import io.holdfast.proto.wire.v1.JobResult;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * One job on a coordinator, followed to its end. An interrupt cancels the job there and waits until
 * its end has been shown, or {@link Interrupts#PATIENCE}; before the job has a name, it breaks the
 * call off.
 */
final class JobRun {
  private final AdminLink link;
  private final Output output;
  private final Shell shell;
  private final AtomicReference<ByteString> job = new AtomicReference<>();
  private final AtomicBoolean interrupted = new AtomicBoolean();
  private final CountDownLatch shown = new CountDownLatch(1);
  private JobResult result;
  private long bytesExpected;

  JobRun(AdminLink link, Output output, Shell shell) {
    this.link = link;
    this.output = output;
    this.shell = shell;
  }

  /** What the job will have moved at its end, where who starts it knows; 0 if not. */
  JobRun expecting(long bytes) {
    bytesExpected = bytes;
    return this;
  }

  /** Runs {@code start} with a consumer of its events, then shows the result by {@code report}. */
  ExitCode follow(Consumer<Consumer<JobEvent>> start, Consumer<JobResult> report) {
    try (var _ = shell.interrupts().onInterrupt(this::interrupt)) {
      watch(start);
      report.accept(requireResult());
      return interrupted.get() ? ExitCode.INTERRUPTED : exitCode(result);
    } catch (HoldfastException e) {
      if (interrupted.get()) {
        return ExitCode.INTERRUPTED;
      }
      throw e;
    } finally {
      output.flush(); // an interrupted process ends as soon as the interrupt's action returns
      shown.countDown();
    }
  }

  private void watch(Consumer<Consumer<JobEvent>> start) {
    try (ProgressDisplay display =
        ProgressDisplay.open(output, shell.terminal().errorColumns(), shell.time())) {
      start.accept(event -> take(event, display));
    }
  }

  private void take(JobEvent event, ProgressDisplay display) {
    job.set(event.getJob());
    switch (event.getEventCase()) {
      case PROGRESS -> display.show(JobViews.progress(event.getProgress(), bytesExpected));
      case RESULT -> result = event.getResult();
      case EVENT_NOT_SET -> {} // tells only the job's id
    }
  }

  private JobResult requireResult() {
    if (result == null) {
      throw new HoldfastException(
          ErrorCode.UNAVAILABLE,
          "the coordinator stopped reporting before the job ended: look at `holdfast status` and"
              + " its log, and run the command again");
    }
    return result;
  }

  static ExitCode exitCode(JobResult result) {
    return switch (result.getOutcome()) {
      case JOB_OUTCOME_COMPLETE -> ExitCode.OK;
      case JOB_OUTCOME_COMPLETE_WITH_GAPS -> ExitCode.GAPS;
      case JOB_OUTCOME_FAILED, JOB_OUTCOME_UNSPECIFIED, UNRECOGNIZED ->
          result.hasError() ? ExitCode.ofNumber(result.getError().getCode()) : ExitCode.FAILED;
    };
  }

  /** On the interrupt's thread. */
  private void interrupt() {
    interrupted.set(true);
    try {
      cancel();
      var _ = shown.await(Interrupts.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void cancel() {
    ByteString running = job.get();
    if (running == null) {
      link.breakOff();
      return;
    }
    try {
      link.cancelJob(running);
    } catch (HoldfastException e) {
      output.warning("the job could not be cancelled and may go on: " + e.getMessage());
      link.breakOff();
    }
  }
}
