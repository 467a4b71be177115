package io.holdfast.coordinator.job;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.JobId;
import io.holdfast.proto.wire.v1.ErrorDetail;
import io.holdfast.proto.wire.v1.Gap;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobResult;
import java.util.List;

/** Results that the coordinator makes up itself, and the bounds of those that it is sent. */
final class JobResults {
  private static final int PATHS_MAX = 1_000;
  private static final int HOOKS_MAX = 64;

  /** Results are kept in memory, a few of each host: what a bad one sends must fit, too. */
  static final int BYTES_MAX = 1 << 20;

  /** Of the paths that it names: there may be two such lists. */
  private static final int PATH_BYTES_MAX = BYTES_MAX / 4;

  private JobResults() {}

  static JobResult vanished(Job job, String how) {
    return failed(
        job.id(),
        ErrorDetail.newBuilder()
            .setCode(ErrorCode.HOST_NOT_CONNECTED.number())
            .setMessage(
                "agent vanished: host "
                    + job.host()
                    + " "
                    + how
                    + "; look at the agent's log there, and start the job again: what was sent"
                    + " stays")
            .build());
  }

  static JobResult failed(JobId job, ErrorDetail error) {
    return JobResult.newBuilder()
        .setJob(ByteString.copyFrom(job.toByteArray()))
        .setOutcome(JobOutcome.JOB_OUTCOME_FAILED)
        .setError(error)
        .build();
  }

  /**
   * {@code result} with lists as long as promised; an outcome unknown here counts as failed, and so
   * does what is larger than {@link #BYTES_MAX} even then.
   */
  static JobResult bounded(HostId host, JobResult result) {
    JobResult.Builder kept =
        result.toBuilder()
            .clearGaps()
            .addAllGaps(bounded(result.getGapsList()))
            .clearDifferences()
            .addAllDifferences(bounded(result.getDifferencesList()));
    if (result.getHooksCount() > HOOKS_MAX) {
      kept.clearHooks().addAllHooks(result.getHooksList().subList(0, HOOKS_MAX));
    }
    JobResult cut = kept.build();
    return cut.getSerializedSize() > BYTES_MAX ? tooLarge(host, cut) : known(host, cut);
  }

  private static List<Gap> bounded(List<Gap> named) {
    int count = 0;
    long bytes = 0;
    while (count < Math.min(named.size(), PATHS_MAX)) {
      bytes += named.get(count).getSerializedSize();
      if (bytes > PATH_BYTES_MAX) {
        break;
      }
      count++;
    }
    return named.subList(0, count);
  }

  private static JobResult tooLarge(HostId host, JobResult result) {
    return failed(
        JobId.of(result.getJob().toByteArray()),
        ErrorDetail.newBuilder()
            .setCode(ErrorCode.MESSAGE_TOO_LARGE.number())
            .setMessage(
                "host "
                    + host
                    + " reports a result of "
                    + result.getSerializedSize()
                    + " bytes, which no agent does; look at what runs there under its name")
            .build());
  }

  private static JobResult known(HostId host, JobResult result) {
    return switch (result.getOutcome()) {
      case JOB_OUTCOME_COMPLETE, JOB_OUTCOME_COMPLETE_WITH_GAPS, JOB_OUTCOME_FAILED -> result;
      case JOB_OUTCOME_UNSPECIFIED, UNRECOGNIZED ->
          result.toBuilder()
              .setOutcome(JobOutcome.JOB_OUTCOME_FAILED)
              .setError(
                  ErrorDetail.newBuilder()
                      .setCode(ErrorCode.UNKNOWN_VERSION.number())
                      .setMessage(
                          "host "
                              + host
                              + " reports an outcome that this release doesn't know; upgrade the"
                              + " coordinator"))
              .build();
    };
  }
}
