package io.holdfast.agent.node;

import com.google.protobuf.ByteString;
import io.holdfast.agent.restore.Findings;
import io.holdfast.agent.restore.RestoreCounters;
import io.holdfast.agent.restore.RestoreResult;
import io.holdfast.agent.restore.RestoreRun;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.GapReason;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.proto.wire.v1.Gap;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobProgress;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.RunTotals;

/** What a restore says of itself, as a job does. Pure functions. */
public final class RestoreReports {
  private RestoreReports() {}

  /** How far a run is. */
  public static JobProgress progress(RestoreRun run) {
    RestoreCounters counters = run.counters();
    return JobProgress.newBuilder()
        .setPhase(counters.isVerifying() ? "verifying" : "restoring")
        .setEntries(counters.entries())
        .setFiles(counters.files())
        .setBytes(counters.bytesWritten())
        .setBytesSent(counters.bytesReceived())
        .setBytesExpected(counters.bytes())
        .setGaps(run.findings().failureCount())
        .build();
  }

  /** What a finished run says on the wire. */
  public static JobResult result(RestoreResult done) {
    RestoreCounters counters = done.counters();
    Findings findings = done.findings();
    return JobResult.newBuilder()
        .setOutcome(
            done.isComplete()
                ? JobOutcome.JOB_OUTCOME_COMPLETE
                : JobOutcome.JOB_OUTCOME_COMPLETE_WITH_GAPS)
        .setTotals(
            RunTotals.newBuilder()
                .setEntries(counters.entries())
                .setFiles(counters.files())
                .setLogicalBytes(counters.bytes())
                .setGaps(findings.failureCount()))
        .setDurationMillis(done.duration().toMillis())
        .addAllGaps(findings.failures().stream().map(RestoreReports::wire).toList())
        .addAllDifferences(findings.differences().stream().map(RestoreReports::wire).toList())
        .setDifferenceCount(findings.differenceCount())
        .setFilesWritten(counters.filesWritten())
        .setBytesWritten(counters.bytesWritten())
        .setFilesSkipped(counters.filesSkipped())
        .setFilesSampled(counters.filesSampled())
        .build();
  }

  private static Gap wire(Findings.Failure failure) {
    GapReason reason =
        failure.code() == ErrorCode.PATH_NOT_FOUND ? GapReason.VANISHED : GapReason.UNREADABLE;
    return gap(failure.path(), failure.text()).setReason(reason.number()).build();
  }

  private static Gap wire(Findings.Difference difference) {
    return gap(difference.path(), difference.text()).build();
  }

  private static Gap.Builder gap(EntryPath path, String text) {
    return Gap.newBuilder().setPath(ByteString.copyFrom(path.toByteArray())).setText(text);
  }
}
