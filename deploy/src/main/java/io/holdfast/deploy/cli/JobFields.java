package io.holdfast.deploy.cli;

import io.holdfast.deploy.output.Fields;
import io.holdfast.proto.wire.v1.Job;
import io.holdfast.proto.wire.v1.JobKind;
import io.holdfast.proto.wire.v1.JobState;
import java.time.Duration;

/** A job that the coordinator has on record, as fields and words. */
final class JobFields {
  private JobFields() {}

  static Fields of(Job job) {
    Fields fields =
        new Fields()
            .id("job", job.getJob())
            .text("kind", kind(job.getKind()))
            .text("host", job.getHostName())
            .id("host_id", job.getHost())
            .text("state", state(job))
            .text("actor", job.getActor())
            .time("ordered", job.getOrderedMillis())
            .names("sources", job.getSourcesList())
            .name("target", job.getTarget())
            .id("snapshot", job.getSnapshot());
    if (!job.getPolicy().isEmpty()) {
      fields.text("policy", job.getPolicy());
      fields.text("data_class", job.getDataClass());
      fields.time("nominal", job.getNominalMillis());
      fields.count("attempt", job.getAttempt());
    }
    if (job.getState() == JobState.JOB_STATE_WAITING) {
      fields.time("due", job.getDueMillis());
      fields.text("waits_for", job.getWaitsFor());
    }
    if (job.getEndedMillis() != 0) {
      fields.time("ended", job.getEndedMillis());
      fields.duration("duration", Duration.ofMillis(job.getDurationMillis()));
    }
    fields
        .count("files", isOpen(job) ? job.getProgress().getFiles() : job.getFiles())
        .size("bytes", isOpen(job) ? job.getProgress().getBytes() : job.getBytes())
        .count("problems", job.getProblems());
    if (job.hasError()) {
      fields.count("error_number", job.getError().getCode());
      fields.text("error_message", job.getError().getMessage());
    }
    return job.getProblemListCount() == 0
        ? fields
        : fields.groups(
            "problem_list", job.getProblemListList().stream().map(WireViews::fields).toList());
  }

  static boolean isOpen(Job job) {
    return job.getState() == JobState.JOB_STATE_RUNNING
        || job.getState() == JobState.JOB_STATE_LOST;
  }

  static String kind(JobKind kind) {
    return switch (kind) {
      case JOB_KIND_BACKUP -> "backup";
      case JOB_KIND_RESTORE -> "restore";
      case JOB_KIND_UNSPECIFIED, UNRECOGNIZED -> "unknown";
    };
  }

  static String state(Job job) {
    String words =
        switch (job.getState()) {
          case JOB_STATE_WAITING -> "waits: " + job.getWaitsFor();
          case JOB_STATE_RUNNING -> "running";
          case JOB_STATE_LOST -> "host not connected";
          case JOB_STATE_COMPLETE -> "complete";
          case JOB_STATE_COMPLETE_WITH_GAPS -> "complete with gaps";
          case JOB_STATE_FAILED -> "failed";
          case JOB_STATE_CANCELLED -> "cancelled";
          case JOB_STATE_UNSPECIFIED, UNRECOGNIZED -> "unknown";
        };
    return job.getAssumed() ? words + " (assumed)" : words;
  }
}
