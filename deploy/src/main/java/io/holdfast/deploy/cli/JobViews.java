package io.holdfast.deploy.cli;

import io.holdfast.common.unit.DataSize;
import io.holdfast.common.unit.Durations;
import io.holdfast.deploy.output.Fields;
import io.holdfast.deploy.output.Output;
import io.holdfast.deploy.output.PeopleText;
import io.holdfast.deploy.output.Progress;
import io.holdfast.deploy.output.SafeText;
import io.holdfast.proto.wire.v1.Gap;
import io.holdfast.proto.wire.v1.HookRun;
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

  /** {@code bytesExpected} is what is known beforehand, 0 for what the job itself says. */
  static Progress progress(JobProgress progress, long bytesExpected) {
    return new Progress(
        progress.getPhase(),
        Optional.of(progress.getFiles()),
        progress.getBytes(),
        Math.max(progress.getBytesExpected(), bytesExpected),
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
          "  %s, %s; %s new, %s sent"
              .formatted(
                  PeopleText.count(totals.getFiles(), "file"),
                  new DataSize(totals.getLogicalBytes()),
                  new DataSize(totals.getUploadedPlainBytes()),
                  new DataSize(totals.getUploadedSealedBytes())));
    }
    showGaps("gap", result.getTotals().getGaps(), result.getGapsList(), output);
    result.getHooksList().stream()
        .filter(HookRun::getFailed)
        .forEach(hook -> showHook(hook, output));
    if (result.getOutcome() != JobOutcome.JOB_OUTCOME_FAILED
        && result.getTotals().getFiles() == 0) {
      output.warning(
          "there was no file in it; a PATH that is a symbolic link is backed up as that link: name"
              + " what it leads to");
    }
  }

  static void showRestore(String what, JobResult result, Output output) {
    showRestore(what, "written", result, output);
  }

  /** A restore of which nothing was written, to see what would be. */
  static void showDryRun(String what, JobResult result, Output output) {
    showRestore("dry run of the " + what, "would be written", result, output);
  }

  private static void showRestore(String what, String written, JobResult result, Output output) {
    if (output.isJson()) {
      output.json("summary", restoreFields(result));
      return;
    }
    output.line(headline(what, result));
    if (result.getOutcome() != JobOutcome.JOB_OUTCOME_FAILED || result.getFilesWritten() > 0) {
      output.line("  " + restored(written, result));
    }
    showGaps("gap", result.getTotals().getGaps(), result.getGapsList(), output);
    showGaps("difference", result.getDifferenceCount(), result.getDifferencesList(), output);
  }

  private static String restored(String written, JobResult result) {
    String head =
        "%s, %s %s"
            .formatted(
                PeopleText.count(result.getFilesWritten(), "file"),
                new DataSize(result.getBytesWritten()),
                written);
    String left =
        result.getFilesSkipped() == 0
            ? ""
            : "; " + PeopleText.count(result.getFilesSkipped()) + " left as they were";
    String differing =
        result.getFilesDiffering() == 0
            ? ""
            : ", of which "
                + PeopleText.count(result.getFilesDiffering())
                + " not as in the snapshot";
    String sampled =
        result.getFilesSampled() == 0
            ? ""
            : "; " + PeopleText.count(result.getFilesSampled()) + " read back and equal";
    return head + left + differing + sampled;
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

  private static void showGaps(String noun, long count, List<Gap> gaps, Output output) {
    if (count == 0) {
      return;
    }
    output.line("  " + PeopleText.count(count, noun) + ":");
    gaps.stream().limit(GAPS_SHOWN).forEach(gap -> output.line("    " + words(gap)));
    long hidden = count - Math.min(gaps.size(), GAPS_SHOWN);
    if (hidden > 0) {
      output.line("    and " + PeopleText.count(hidden) + " more (--json shows up to 1,000)");
    }
  }

  private static void showHook(HookRun hook, Output output) {
    output.line(
        "  hook %s (%s) %s"
            .formatted(
                SafeText.of(hook.getName()),
                SafeText.of(hook.getPhase()),
                SafeText.of(hook.getText())));
    hook.getLastLines().lines().forEach(line -> output.line("    " + SafeText.of(line)));
  }

  private static Fields fields(HookRun hook) {
    return new Fields()
        .text("hook", hook.getName())
        .text("phase", hook.getPhase())
        .flag("failed", hook.getFailed())
        .text("text", hook.getText())
        .text("last_lines", hook.getLastLines())
        .duration("duration", Duration.ofMillis(hook.getDurationMillis()));
  }

  private static String words(Gap gap) {
    String reason = gap.getReason() == 0 ? "" : ": " + WireViews.gapReason(gap.getReason());
    String text = gap.getText().isEmpty() ? "" : ": " + SafeText.of(gap.getText());
    return SafeText.of(gap.getPath()) + reason + text;
  }

  private static Fields backupFields(String host, JobResult result) {
    Fields fields = common(result).text("host", host).id("snapshot", result.getSnapshot());
    return WireViews.totals(fields, result.getTotals())
        .groups("gap_list", result.getGapsList().stream().map(WireViews::fields).toList())
        .groups("hook_list", result.getHooksList().stream().map(JobViews::fields).toList());
  }

  private static Fields restoreFields(JobResult result) {
    return common(result)
        .count("files_written", result.getFilesWritten())
        .size("bytes_written", result.getBytesWritten())
        .count("files_skipped", result.getFilesSkipped())
        .count("files_differing", result.getFilesDiffering())
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
