package io.holdfast.deploy.cli;

import io.holdfast.common.unit.DataSize;
import io.holdfast.common.unit.Durations;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.PeopleText;
import io.holdfast.deploy.output.Progress;
import io.holdfast.deploy.output.SafeText;
import io.holdfast.proto.wire.v1.Gap;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobProgress;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.RunTotals;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Progress and results of jobs, as fields and words. */
final class JobViews {
  /** Gaps shown to people; programs get all that came. */
  private static final int GAPS_SHOWN = 20;

  private JobViews() {}

  static Progress progress(JobProgress progress) {
    return new Progress(
        progress.getPhase(),
        Optional.of(progress.getFiles()),
        progress.getBytes(),
        progress.getBytesExpected(),
        progress.getGaps());
  }

  static void showBackup(String host, JobResult result, Output output) {
    if (output.isJson()) {
      output.json("summary", backupFields(host, result));
      return;
    }
    output.line(headline("backup of " + SafeText.of(host), result) + snapshot(result));
    if (result.getOutcome() != JobOutcome.JOB_OUTCOME_FAILED) {
      RunTotals totals = result.getTotals();
      output.line(
          "  %s files, %s; %s new, %s sent"
              .formatted(
                  PeopleText.count(totals.getFiles()),
                  new DataSize(totals.getLogicalBytes()),
                  new DataSize(totals.getUploadedPlainBytes()),
                  new DataSize(totals.getUploadedSealedBytes())));
    }
    showGaps("gaps", result.getTotals().getGaps(), result.getGapsList(), output);
  }

  static void showRestore(String what, JobResult result, Output output) {
    if (output.isJson()) {
      output.json("summary", restoreFields(result));
      return;
    }
    output.line(headline(what, result));
    output.line(
        "  %s files, %s written; %s left as they were; %s read back and equal"
            .formatted(
                PeopleText.count(result.getFilesWritten()),
                new DataSize(result.getBytesWritten()),
                PeopleText.count(result.getFilesSkipped()),
                PeopleText.count(result.getFilesSampled())));
    showGaps("gaps", result.getGapsCount(), result.getGapsList(), output);
    showGaps("not set", result.getDifferenceCount(), result.getDifferencesList(), output);
  }

  private static String headline(String what, JobResult result) {
    String error = result.hasError() ? ": " + SafeText.of(result.getError().getMessage()) : "";
    return what + " " + outcome(result.getOutcome()) + " after " + took(result) + error;
  }

  private static String took(JobResult result) {
    return Durations.rounded(Duration.ofMillis(result.getDurationMillis()));
  }

  private static String snapshot(JobResult result) {
    return result.getSnapshot().isEmpty()
        ? ""
        : ": snapshot " + PeopleText.shortId(result.getSnapshot());
  }

  private static void showGaps(String title, long count, List<Gap> gaps, Output output) {
    if (count == 0) {
      return;
    }
    output.line("  " + PeopleText.count(count) + " " + title + ":");
    gaps.stream().limit(GAPS_SHOWN).forEach(gap -> output.line("    " + words(gap)));
    long hidden = count - Math.min(gaps.size(), GAPS_SHOWN);
    if (hidden > 0) {
      output.line("    and " + PeopleText.count(hidden) + " more (--json shows up to 1,000)");
    }
  }

  private static String words(Gap gap) {
    String reason = gap.getReason() == 0 ? "" : ": " + WireViews.gapReason(gap.getReason());
    String text = gap.getText().isEmpty() ? "" : ": " + SafeText.of(gap.getText());
    return SafeText.of(gap.getPath()) + reason + text;
  }

  private static Fields backupFields(String host, JobResult result) {
    Fields fields = common(result).text("host", host).id("snapshot", result.getSnapshot());
    return WireViews.totals(fields, result.getTotals())
        .groups("gap_list", result.getGapsList().stream().map(WireViews::fields).toList());
  }

  private static Fields restoreFields(JobResult result) {
    return common(result)
        .count("files_written", result.getFilesWritten())
        .size("bytes_written", result.getBytesWritten())
        .count("files_skipped", result.getFilesSkipped())
        .count("files_sampled", result.getFilesSampled())
        .count("differences", result.getDifferenceCount())
        .groups("gap_list", result.getGapsList().stream().map(WireViews::fields).toList())
        .groups(
            "difference_list",
            result.getDifferencesList().stream().map(WireViews::fields).toList());
  }

  private static Fields common(JobResult result) {
    Fields fields =
        new Fields()
            .id("job", result.getJob())
            .text("outcome", outcome(result.getOutcome()))
            .duration("duration", Duration.ofMillis(result.getDurationMillis()));
    if (result.hasError()) {
      fields.count("error_number", result.getError().getCode());
      fields.text("error_message", result.getError().getMessage());
    }
    return fields;
  }

  private static String outcome(JobOutcome outcome) {
    return switch (outcome) {
      case JOB_OUTCOME_COMPLETE -> "complete";
      case JOB_OUTCOME_COMPLETE_WITH_GAPS -> "complete with gaps";
      case JOB_OUTCOME_FAILED -> "failed";
      case JOB_OUTCOME_UNSPECIFIED, UNRECOGNIZED -> "ended in an unknown way";
    };
  }
}
