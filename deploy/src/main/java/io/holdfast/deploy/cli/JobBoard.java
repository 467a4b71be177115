package io.holdfast.deploy.cli;

import com.google.protobuf.ByteString;
import io.holdfast.common.progress.ProgressEstimate;
import io.holdfast.common.progress.ProgressMeter;
import io.holdfast.common.unit.DataSize;
import io.holdfast.common.unit.Durations;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.output.LiveLines;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.PeopleText;
import io.holdfast.deploy.output.SafeText;
import io.holdfast.proto.wire.v1.Job;
import io.holdfast.proto.wire.v1.JobState;
import io.holdfast.proto.wire.v1.ListJobsRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * All jobs that have not ended, watched until none is left: on a terminal a line for each, drawn
 * again every second; elsewhere a line for each that ends; for programs every one as an object,
 * again and again. One thread.
 */
final class JobBoard {
  private static final Duration PACE = Duration.ofSeconds(1);

  /** Lines on a terminal: what scrolls away can't be drawn again. */
  private static final int SHOWN_MAX = 20;

  private static final int OPEN_MAX = 10_000;

  private final AdminLink link;
  private final Output output;
  private final Shell shell;
  private final String host;
  private final Map<ByteString, Job> open = new LinkedHashMap<>();
  private final Map<ByteString, ProgressMeter> meters = new LinkedHashMap<>();
  private final AtomicBoolean interrupted = new AtomicBoolean();

  /** Of {@code host}, or of all if that is empty. */
  JobBoard(AdminLink link, Output output, Shell shell, String host) {
    this.link = link;
    this.output = output;
    this.shell = shell;
    this.host = host;
  }

  void watch() throws InterruptedException {
    int columns = shell.terminal().errorColumns();
    boolean isLive = columns > 0 && !output.isJson() && !output.isQuiet();
    try (var _ = shell.interrupts().onInterrupt(() -> interrupted.set(true))) {
      List<Job> jobs = look();
      while (!jobs.isEmpty() && !interrupted.get()) {
        if (isLive) {
          pauseLive(jobs, columns);
        } else {
          shell.time().sleep(PACE);
        }
        jobs = look();
      }
    }
    output.note(open.isEmpty() ? "No job is running." : "They go on without being watched.");
  }

  /** Lines are cleared before anything else is printed. */
  private void pauseLive(List<Job> jobs, int columns) throws InterruptedException {
    try (LiveLines lines = new LiveLines(output, columns)) {
      lines.show(rows(jobs));
      shell.time().sleep(PACE);
    }
  }

  /** What is open now; tells of those that were and aren't any more. */
  private List<Job> look() {
    List<Job> now = new ArrayList<>();
    ListJobsRequest request =
        ListJobsRequest.newBuilder().setHost(host).setOpen(true).setLimit(OPEN_MAX).build();
    link.jobs(request, now::add);
    Map<ByteString, Job> before = new LinkedHashMap<>(open);
    open.clear();
    for (Job job : now) {
      if (!job.getJob().isEmpty()) {
        open.put(job.getJob(), job);
      }
      if (output.isJson()) {
        output.json("status", JobFields.of(job));
      }
    }
    before.keySet().stream().filter(id -> !open.containsKey(id)).forEach(this::tellEnd);
    meters.keySet().retainAll(open.keySet());
    return now;
  }

  private void tellEnd(ByteString id) {
    Job job = link.job(HexFormat.of().formatHex(id.toByteArray()));
    if (output.isJson()) {
      output.json("job", JobFields.of(job));
      return;
    }
    String error = job.hasError() ? ": " + SafeText.of(job.getError().getMessage()) : "";
    output.line(
        "%s: %s %s after %s, %s, %s%s"
            .formatted(
                SafeText.of(job.getHostName()),
                JobFields.kind(job.getKind()),
                JobFields.state(job),
                Durations.rounded(Duration.ofMillis(job.getDurationMillis())),
                PeopleText.count(job.getFiles(), "file"),
                new DataSize(job.getBytes()),
                error));
    output.flush();
  }

  private List<String> rows(List<Job> jobs) {
    List<String> rows = new ArrayList<>();
    jobs.stream().limit(SHOWN_MAX).map(this::row).forEach(rows::add);
    if (jobs.size() > SHOWN_MAX) {
      rows.add("and " + (jobs.size() - SHOWN_MAX) + " more");
    }
    return rows;
  }

  private String row(Job job) {
    String what = job.getPolicy().isEmpty() ? JobFields.kind(job.getKind()) : job.getPolicy();
    return "%-20s %-20s %s"
        .formatted(
            SafeText.of(job.getHostName()),
            SafeText.of(what),
            isRunning(job) ? work(job) : stand(job));
  }

  private static boolean isRunning(Job job) {
    return job.getState() == JobState.JOB_STATE_RUNNING && job.hasProgress();
  }

  private static String stand(Job job) {
    return JobFields.state(job);
  }

  private String work(Job job) {
    ProgressMeter meter =
        meters.computeIfAbsent(job.getJob(), id -> new ProgressMeter(shell.time()));
    meter.sample(job.getProgress().getBytes(), job.getProgress().getBytesExpected());
    ProgressEstimate estimate = meter.estimate();
    String left = estimate.left().map(rest -> ", " + Durations.rounded(rest) + " left").orElse("");
    return "%s: %s, %s, %s%s"
        .formatted(
            SafeText.of(job.getProgress().getPhase()),
            PeopleText.count(job.getProgress().getFiles(), "file"),
            new DataSize(job.getProgress().getBytes()),
            estimate.rate(),
            left);
  }
}
